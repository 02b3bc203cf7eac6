import type { JsonSchema, ManualOperation, SecurityScheme } from '@sluice/contract'
import { isExactNumber, isObject, stringifyJson } from '@sluice/schema'
import { inferSchema } from './infer-schema.ts'
import { templateNames } from './path-template.ts'

/** What a document says beside its one operation: the tool's texts and what its upstream is. */
export interface ManualAbout {
  /** The upstream's name. */
  readonly title: string
  readonly baseUrl: string
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>
  readonly summary: string
  readonly description?: string
}

/**
 * A manual operation as an OpenAPI 3.1 document (JSON text) for our own importer: a manual tool is then read exactly as any
 * other. What is wrong with the operation is told by `manualFaults` before.
 */
export function manualDocument(manual: ManualOperation, about: ManualAbout): string {
  const method = manual.method.toLowerCase()
  const place = `#/paths/${token(manual.path)}/${method}`
  const body = bodyOf(manual, place)
  const schemes = writtenSchemes(about.securitySchemes)
  return stringifyJson({
    openapi: '3.1.0',
    info: { title: about.title, version: '1' },
    servers: [{ url: about.baseUrl }],
    paths: {
      [manual.path]: {
        [method]: {
          summary: about.summary,
          ...(about.description ? { description: about.description } : {}),
          parameters: parametersOf(manual, place),
          ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
          responses: { default: { description: 'Any answer.' } },
          // Each is enough; where none is stored the call goes without.
          security: [...schemes.map(([name]) => Object.fromEntries([[name, []]])), {}],
        },
      },
    },
    components: { securitySchemes: Object.fromEntries(schemes) },
  })
}

function parametersOf({ path, parameters = [] }: ManualOperation, place: string): object[] {
  const declared = new Set(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name))
  const added = templateNames(path).filter((name) => !declared.has(name))
  return [...added.map((name): Parameter => ({ name, in: 'path' })), ...parameters].map((parameter, index) => ({
    name: parameter.name,
    in: parameter.in,
    required: parameter.in === 'path' || parameter.required === true,
    ...(parameter.description ? { description: parameter.description } : {}),
    schema: rebase(parameter.schema ?? { type: 'string' }, `${place}/parameters/${index}/schema`),
  }))
}

type Parameter = NonNullable<ManualOperation['parameters']>[number]

function bodyOf({ body, sampleBody }: ManualOperation, place: string): JsonSchema | undefined {
  if (body !== undefined) return rebase(body, `${place}/requestBody/content/${token('application/json')}/schema`)
  return sampleBody === undefined ? undefined : inferSchema(sampleBody)
}

/** Schemes of a curator's own go with every call anyway; an unsupported one can have no credential. */
function writtenSchemes(schemes: ManualAbout['securitySchemes']): Array<readonly [string, object]> {
  return Object.entries(schemes).flatMap(([name, scheme]): Array<readonly [string, object]> => {
    if (scheme.type === 'headers' || scheme.type === 'unsupported') return []
    return [[name, scheme.type === 'openIdConnect' ? { type: scheme.type, openIdConnectUrl: scheme.url } : scheme]]
  })
}

/** A reference token in a URI fragment (RFC 6901 6). */
function token(text: string): string {
  return encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'))
}

// Below these stand names, not keywords; below those, data that is no schema whatever it looks like.
const NAMED = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'])
const DATA = new Set(['enum', 'const', 'default', 'example', 'examples'])

/** A schema that stands alone refers to itself by `#/…`; inside a document it has another place. */
function rebase(schema: object, place: string): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (keyword === '$ref' && typeof value === 'string' && /^#(\/|$)/.test(value)) {
        return [keyword, `${place}${value.slice(1)}`]
      }
      if (DATA.has(keyword)) return [keyword, value]
      if (NAMED.has(keyword) && isObject(value)) {
        return [keyword, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, rebaseAny(one, place)]))]
      }
      return [keyword, rebaseAny(value, place)]
    }),
  )
}

function rebaseAny(value: unknown, place: string): unknown {
  if (Array.isArray(value)) return value.map((item) => rebaseAny(item, place))
  return isObject(value) && !isExactNumber(value) ? rebase(value, place) : value
}

import { PARAM_HEADER } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { isToken } from './is-token.ts'
import { pointerTo, resolvePointer } from './json-pointer.ts'
import type { Origins } from './origins.ts'
import { type ParameterMedia, parameterMedia } from './parameter-media.ts'
import { type Located, parameterInvalid, resolveParameters } from './resolve-object.ts'
import { isBody } from './swagger-body.ts'
import { parameterOf } from './swagger-parameter.ts'

/** A parameter as declared, references followed. `schema` may still hold references. */
export interface DeclaredParameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header' | 'cookie' | 'querystring'
  readonly required: boolean
  readonly deprecated: boolean
  readonly description: string
  readonly schema: unknown
  /** Set for a parameter with `content`. */
  readonly contentType?: string
  /** How the fields of a form are encoded, where the content is one. */
  readonly encoding?: Readonly<Record<string, unknown>>
  readonly style?: string
  readonly explode?: boolean
  readonly allowReserved: boolean
  readonly allowEmptyValue: boolean
  readonly examples: readonly unknown[]
  /** `x-mcp-header`, as it stands there. */
  readonly mcpHeader?: unknown
  readonly pointer: string
  /** Where its schema stands: in Swagger 2.0 the parameter itself is one. */
  readonly schemaPointer: string
}

/** Where parameters are read: the document, and the path item that they stand in with those it refers to, nearest first. */
export interface ParameterPlace {
  readonly root: Record<string, unknown>
  readonly levels: readonly Located[]
  readonly findings: Findings
  readonly origins: Origins
}

/** The path's parameters, and the operation's own, which win by name and place (B20). */
export function listParameters(
  place: ParameterPlace,
  operation: Record<string, unknown>,
  pointer: string,
): DeclaredParameter[] {
  const shared = place.levels
    .toReversed()
    .flatMap((level) => readList(place, level.value.parameters, pointerTo(level.pointer, 'parameters')))
  const own = readList(place, operation.parameters, pointerTo(pointer, 'parameters'))
  tellTwice(own, place.findings)
  const merged = new Map<string, DeclaredParameter>()
  for (const parameter of [...shared, ...own]) merged.set(keyOf(parameter), parameter)
  return withOneQuery([...merged.values()], place.findings)
}

/** OpenAPI 3.2 4.12.1: a parameter that is the whole query stands alone, beside none that is a part of it. */
function withOneQuery(parameters: DeclaredParameter[], findings: Findings): DeclaredParameter[] {
  const [first, ...more] = parameters.filter((one) => one.in === 'querystring')
  if (!first) return parameters
  tellMixed(first, parameters, findings)
  const message = 'Another parameter is the whole query string already; this one was left out'
  for (const { pointer } of more) parameterInvalid(findings, pointer, message)
  return parameters.filter((one) => !more.includes(one))
}

function tellMixed(
  { name, pointer }: DeclaredParameter,
  parameters: readonly DeclaredParameter[],
  findings: Findings,
): void {
  const others = parameters.filter((one) => one.in === 'query').map((one) => one.name)
  if (others.length === 0) return
  const message = `${name} is the whole query string, and ${others.join(', ')} are parts of one; both are sent, these first`
  const fix = 'Declare one or the other.'
  findings.add({ code: 'querystring-mixed', severity: 'warning', pointer, message, fix })
}

/** RFC 9110 5.1: the names of headers are the same in small letters and capitals. */
function keyOf({ in: place, name }: DeclaredParameter): string {
  return `${place} ${place === 'header' ? name.toLowerCase() : name}`
}

function tellTwice(parameters: readonly DeclaredParameter[], findings: Findings): void {
  const known = new Set<string>()
  for (const parameter of parameters) {
    const message = `"${parameter.name}" stands twice in its ${parameter.in}; the last counts`
    if (known.has(keyOf(parameter)))
      findings.add({ code: 'parameter-twice', severity: 'warning', pointer: parameter.pointer, message })
    known.add(keyOf(parameter))
  }
}

/** The whole query needs no name (OpenAPI 3.2 4.12.1: it is not used); a model does. */
const WHOLE_QUERY = 'query'

const PLACES = new Set(['path', 'query', 'header', 'cookie', 'querystring'])

function readList(place: ParameterPlace, list: unknown, pointer: string): DeclaredParameter[] {
  return resolveParameters(place.root, list, pointer, place.findings).flatMap((given) => {
    // They are the body, or none.
    if (isBody(given)) return []
    const located = withSchema(place, given)
    const origin = place.origins.get(located.value)
    const at = origin ?? located.pointer
    const where = String(located.value.in).toLowerCase()
    // YAML makes a number of a name like 404, and a truth value of one like true.
    const called = located.value.name ?? (where === 'querystring' ? WHOLE_QUERY : undefined)
    const name = typeof called === 'number' || typeof called === 'boolean' ? String(called) : called
    if (typeof name !== 'string' || !PLACES.has(where) || !isWireName(name, where)) {
      const message = `A parameter needs a \`name\` that can be sent and an \`in\` of path, query, querystring, header or cookie; it was left out`
      parameterInvalid(place.findings, at, message)
      return []
    }
    tellStyle(place, located, at)
    const content = parameterMedia(place, { value: located.value, pointer: at })
    const schemaPointer = origin ?? pointerTo(content?.pointer ?? at, 'schema')
    const examples = examplesOf(place, located.value, content?.media)
    return [
      { ...declaredParameter({ ...located.value, name, in: where }, content), examples, pointer: at, schemaPointer },
    ]
  })
}

/** Documents that were brought from Swagger 2.0 by hand have its keywords in the parameter itself. */
function withSchema(place: ParameterPlace, located: Located): Located {
  const { value, pointer } = located
  const isBare = value.schema === undefined && value.content === undefined && !place.origins.has(value)
  if (!isBare || ['type', 'items', 'enum'].every((keyword) => value[keyword] === undefined)) return located
  const message = 'It has no `schema`; what it says of its type was read as one'
  const fix = 'Put it in `schema`.'
  place.findings.add({ code: 'parameter-no-schema', severity: 'warning', pointer, message, fix })
  const { style, explode, collectionFormat } = value
  const form = collectionFormat === undefined ? { style, explode } : {}
  const parameter = { ...value, ...parameterOf(located, place), ...form }
  place.origins.set(parameter, pointer)
  return { value: parameter, pointer }
}

const STYLES = [
  'simple',
  'label',
  'matrix',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'tabDelimited',
  'deepObject',
  'cookie',
]

function tellStyle({ findings }: ParameterPlace, { value: { style } }: Located, pointer: string): void {
  if (style === undefined || style === null || STYLES.includes(String(style))) return
  const message = `The style ${JSON.stringify(style)} is not known; the parameter is written in the default style of its place`
  findings.add({ code: 'style-unknown', severity: 'warning', pointer: pointerTo(pointer, 'style'), message })
}

/** RFC 9110 5.1 and RFC 6265 4.1.1: the name of a header or a cookie is a token. */
function isWireName(name: string, place: string): boolean {
  if (place === 'querystring') return true
  return place === 'header' || place === 'cookie' ? isToken(name) : name !== ''
}

/** `example`, or the values of `examples`, which may be references (B65). */
function examplesOf(
  place: ParameterPlace,
  { example, examples }: Record<string, unknown>,
  media: Record<string, unknown> = {},
): unknown[] {
  if (example !== undefined && example !== null) return [example]
  const named = isObject(examples) ? examples : isObject(media.examples) ? media.examples : {}
  // By name: the order of a document's members means nothing.
  const ordered = Object.keys(named)
    .toSorted()
    .map((name) => named[name])
  const values = ordered.map((one) => {
    const target = isObject(one) && typeof one.$ref === 'string' ? resolvePointer(place.root, one.$ref) : one
    return isObject(target) ? target.value : undefined
  })
  return [media.example, ...values].filter((value) => value !== undefined).slice(0, 3)
}

function declaredParameter(value: Record<string, unknown>, content: ParameterMedia | undefined) {
  return {
    name: value.name as string,
    in: value.in as DeclaredParameter['in'],
    required: isTrue(value.required) || value.in === 'path',
    deprecated: value.deprecated === true,
    description: text(value.description),
    schema: content ? content.media.schema : value.schema,
    ...(content ? { contentType: content.type } : {}),
    ...(content && isObject(content.media.encoding) ? { encoding: content.media.encoding } : {}),
    ...(STYLES.includes(String(value.style)) ? { style: String(value.style) } : {}),
    ...(typeof value.explode === 'boolean' ? { explode: value.explode } : {}),
    allowReserved: value.allowReserved === true,
    allowEmptyValue: value.allowEmptyValue === true,
    ...mcpHeaderOf(value),
  }
}

/** Of the parameter, or of its schema. */
function mcpHeaderOf(value: Record<string, unknown>): Pick<DeclaredParameter, 'mcpHeader'> {
  const header = value[PARAM_HEADER] ?? (isObject(value.schema) ? value.schema[PARAM_HEADER] : undefined)
  return header === undefined ? {} : { mcpHeader: header }
}

/** Some documents write it as a text. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true'
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

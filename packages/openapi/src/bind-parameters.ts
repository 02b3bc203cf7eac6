import {
  isReservedHeader,
  type JsonSchema,
  type ParameterBinding,
  type QuerystringBinding,
  type SecurityScheme,
} from '@sluice/contract'
import type { Findings } from './findings.ts'
import type { DeclaredOperation } from './list-operations.ts'
import type { DeclaredParameter } from './list-parameters.ts'
import { parameterContent } from './parameter-content.ts'
import { parameterStyle } from './parameter-style.ts'
import { queryNames, templateNameOf, templateNames } from './path-template.ts'
import type { SchemaReader } from './read-schema.ts'

/** An argument before it has its final name. */
export interface DraftArgument {
  /** The name on the wire, wanted as the argument's name too. */
  readonly wanted: string
  readonly place: 'path' | 'query' | 'header' | 'cookie' | 'querystring' | 'body'
  readonly required: boolean
  readonly schema: JsonSchema
  /** The header that clients repeat it in, as the document says, and where it does. */
  readonly repeatedIn?: { readonly header: unknown; readonly pointer: string }
  readonly bind: (argument: string) => ParameterBinding | QuerystringBinding | undefined
}

interface ParameterDeps {
  readonly schemes: Readonly<Record<string, SecurityScheme>>
  readonly reader: SchemaReader
  readonly root: Record<string, unknown>
  readonly declaredVersion: string
  readonly findings: Findings
}

/** The parameters that become arguments: all but those that the credential or the protocol fills. */
export function bindParameters(operation: DeclaredOperation, { schemes, ...deps }: ParameterDeps): DraftArgument[] {
  const { findings } = deps
  const asked = new Set(operation.parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name))
  const inTemplate = templateNames(operation.path).filter(
    (name) => !(asked.has(name) && isInQuery(operation.path, name)),
  )
  // A key that other operations want is an argument like any other here: no credential would fill it.
  const wanted = new Set(operation.security.flatMap((requirement) => Object.keys(requirement)))
  const keys = Object.entries(schemes).flatMap(([name, scheme]) => (wanted.has(name) ? [scheme] : []))
  const inPath = new Set(operation.parameters.filter(({ in: place }) => place === 'path').map(({ name }) => name))
  const templateOf = ({ in: place, name }: DeclaredParameter) =>
    place === 'path' ? templateNameOf(name, inTemplate, inPath) : undefined
  const declared = operation.parameters.filter((one) => isArgument(one, templateOf(one), keys, findings))
  const names = new Set(declared.map(templateOf))
  const undeclared = [
    ...inTemplate.filter((name) => !names.has(name)).map((name) => asDeclared(name, operation, findings)),
    ...queryNames(operation.path)
      .filter((name) => !asked.has(name))
      .map((name) => asDeclared(name, operation, findings, 'query')),
  ]
  return [...undeclared, ...declared].map((parameter) => {
    const template = templateOf(parameter)
    const isOther = template !== undefined && template !== parameter.name
    if (isOther) tellTemplate(template, parameter, findings)
    return draft(parameter, deps, isOther ? { template } : {})
  })
}

function tellTemplate(template: string, { name, pointer }: DeclaredParameter, findings: Findings): void {
  const message = `{${template}} in the path was read as {${name}}, which is declared; its value stays in one segment`
  const fix = `Write {${name}} in the path.`
  findings.add({ code: 'path-template', severity: 'warning', pointer, message, fix })
}

function draft(
  parameter: DeclaredParameter,
  deps: Omit<ParameterDeps, 'schemes'>,
  inPath: Pick<ParameterBinding, 'template'>,
): DraftArgument {
  const { schema, content } = parameterContent(parameter, deps)
  const wire = wireForm(parameter, deps)
  return {
    wanted: parameter.name,
    place: parameter.in,
    required: parameter.required,
    schema: described(schema, parameter),
    ...(parameter.mcpHeader === undefined
      ? {}
      : { repeatedIn: { header: parameter.mcpHeader, pointer: parameter.pointer } }),
    bind: (argument) =>
      parameter.in === 'querystring'
        ? { argument, in: 'querystring', required: parameter.required, ...queryForm(content) }
        : {
            argument,
            in: parameter.in,
            name: parameter.name,
            ...inPath,
            required: parameter.required,
            ...wire,
            ...content,
          },
  }
}

function queryForm(content: Pick<ParameterBinding, 'contentType'>) {
  return { contentType: 'application/x-www-form-urlencoded', ...content }
}

function wireForm(parameter: DeclaredParameter, deps: Omit<ParameterDeps, 'schemes'>) {
  return {
    ...parameterStyle(parameter, deps),
    allowReserved: parameter.allowReserved && mayAllowReserved(parameter, deps),
    allowEmptyValue: parameter.allowEmptyValue,
  }
}

/** Before 3.2 it is for a query alone (OpenAPI 3.1.1 4.8.12.2.2); in a header nothing is encoded. */
function mayAllowReserved(
  { in: place, pointer }: DeclaredParameter,
  { declaredVersion, findings }: Pick<ParameterDeps, 'declaredVersion' | 'findings'>,
): boolean {
  if (place === 'query' || place === 'header' || declaredVersion.startsWith('3.2')) return true
  const message = `Before OpenAPI 3.2 \`allowReserved\` is for a query alone; in a ${place} reserved characters are encoded`
  const fix = 'Leave `allowReserved` out, or declare version 3.2.'
  findings.add({ code: 'allow-reserved-ignored', severity: 'info', pointer, message, fix })
  return false
}

/** What is known of a parameter beside its schema, in words too: many clients show a model nothing else (B65). */
function described(schema: JsonSchema, parameter: DeclaredParameter): JsonSchema {
  const text = (parameter.description || (typeof schema.description === 'string' ? schema.description : '')).trim()
  const [example] = parameter.examples.filter((value) => typeof value !== 'object' && String(value).length <= 60)
  const isTold = example === undefined || Array.isArray(schema.enum) || text.includes(String(example))
  const description = [text, isTold ? '' : `Example: ${String(example)}.`, parameter.deprecated ? 'Deprecated.' : '']
    .filter(Boolean)
    .join(' ')
  return {
    ...schema,
    ...(description ? { description } : {}),
    ...(parameter.deprecated ? { deprecated: true } : {}),
    ...(parameter.examples.length > 0 ? { examples: parameter.examples } : {}),
  }
}

/** `/rides?page={page}` says again what a query parameter says: the parameter is the one that counts. */
function isInQuery(path: string, name: string): boolean {
  return !path.split('?', 1)[0]!.includes(`{${name}}`)
}

function asDeclared(
  name: string,
  operation: DeclaredOperation,
  findings: Findings,
  place: 'path' | 'query' = 'path',
): DeclaredParameter {
  const what = place === 'path' ? 'a required text' : 'a text of the query that may be left out'
  const message = `{${name}} stands in the path but is not declared; it became ${what}`
  findings.add({ code: 'path-parameter-undeclared', severity: 'warning', pointer: operation.pointer, message })
  return {
    name,
    in: place,
    required: place === 'path',
    deprecated: false,
    description: '',
    schema: { type: 'string' },
    allowReserved: false,
    allowEmptyValue: false,
    examples: [],
    pointer: operation.pointer,
    schemaPointer: operation.pointer,
  }
}

function isArgument(
  parameter: DeclaredParameter,
  template: string | undefined,
  schemes: readonly SecurityScheme[],
  findings: Findings,
): boolean {
  const { name, in: place, pointer } = parameter
  const left = (code: string, message: string) => {
    findings.add({ code, severity: 'info', pointer, message })
    return false
  }
  if (place === 'path' && template === undefined) {
    return left('path-parameter-unused', `{${name}} is declared but not in the path; it was left out`)
  }
  // OpenAPI 3.1.1 4.8.12.1: these three header parameters shall be ignored.
  if (place === 'header' && IGNORED_HEADERS.has(name.toLowerCase())) {
    return left('header-ignored', `${name} is set by Sluice itself; it is no argument`)
  }
  if (place === 'header' && isReservedHeader(name)) {
    return left('header-forbidden', `${name} is a header that no caller may set; it is no argument`)
  }
  const isKey = schemes.some(
    (scheme) => scheme.type === 'apiKey' && scheme.in === place && sameName(scheme.name, name, place),
  )
  return isKey
    ? left('parameter-is-key', `${name} is the API's key, which the credential fills; it is no argument`)
    : true
}

const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization'])

function sameName(one: string, other: string, place: string): boolean {
  return place === 'header' ? one.toLowerCase() === other.toLowerCase() : one === other
}

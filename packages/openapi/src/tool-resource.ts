import type { JsonSchema, Operation, OperationDefinition, ProblemError } from '@sluice/contract'
import { asStrings, nearestName, objectOf } from '@sluice/schema'
import { withoutQueryExpressions } from './path-template.ts'
import { percentEncode } from './percent-encode.ts'
import { uriFault } from './uri-fault.ts'
import { readUriTemplate } from './uri-template.ts'

/** What a tool is read by as a resource. */
export interface ReadableTool extends Pick<OperationDefinition, 'operation' | 'annotations'> {
  /** After the curator's edits. */
  readonly inputSchema: JsonSchema
}

/** What is wrong with a tool as a resource of this URI (B175); an empty list is fine. Pointers begin with `/resource`. */
export function resourceFaults(tool: ReadableTool, uri: string): ProblemError[] {
  const { operation, annotations, inputSchema } = tool
  if (operation.method !== 'GET' || !annotations.readOnlyHint) return [notRead(operation)]
  const template = readUriTemplate(uri)
  const fault = template ? uriFault(uri.replaceAll(/[{}]/g, '')) : NO_TEMPLATE
  if (!template || fault) return [{ pointer: '/resource/uri', ...fault! }]
  const unknown = template.names.filter((name) => argumentNamed(inputSchema, name) === undefined)
  const named = template.names.map((name) => argumentNamed(inputSchema, name))
  const missing = asStrings(inputSchema.required).filter((name) => !named.includes(name))
  return [...unknown.map((name) => unknownName(inputSchema, name)), ...missing.map((name) => notNamed(uri, name))]
}

/** Of the upstream's slug and the path. What a curator fixed is not shown: its name stands there. */
export function defaultResourceUri(slug: string, { operation, inputSchema }: ReadableTool): string {
  const argumentsByName = new Map(
    operation.parameters.flatMap((one) =>
      one.in === 'path' ? [[one.template ?? one.name, one.argument] as const] : [],
    ),
  )
  const path = withoutQueryExpressions(operation.path)
    .split(/\{([^{}]*)\}/)
    .map((part, index) => {
      if (index % 2 === 0) return encodeURI(part)
      const argument = argumentsByName.get(part) ?? part
      return Object.hasOwn(objectOf(inputSchema.properties), argument)
        ? `{${expressionOf(argument)}}`
        : percentEncode(part)
    })
  return `sluice://${slug}${path.join('')}`
}

/** The arguments that a URI calls a tool with; nothing where it is none of the tool's. */
export function argumentsOf(
  { inputSchema }: Pick<ReadableTool, 'inputSchema'>,
  template: string,
  uri: string,
): Record<string, string> | undefined {
  const values = readUriTemplate(template)?.match(uri)
  if (!values) return undefined
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [argumentNamed(inputSchema, name), value]))
}

/** The argument that an expression names: names of expressions know no hyphen (RFC 6570 2.3), so `user_id` may be `user-id`. */
export function argumentNamed({ properties }: JsonSchema, name: string): string | undefined {
  const known = Object.keys(objectOf(properties))
  return known.includes(name) ? name : known.find((argument) => expressionOf(argument) === name)
}

function expressionOf(argument: string): string {
  return argument.replaceAll(/[^A-Za-z0-9_.]|^\.+|\.+$/g, '_')
}

const NO_TEMPLATE = {
  detail: 'The URI is no template of RFC 6570, level 1: each {name} stands once, with text between two of them.',
  fix: 'Write it like sluice://shop/orders/{order_id}.',
}

function notRead({ method }: Operation): ProblemError {
  const detail =
    method === 'GET'
      ? 'The document says that this GET changes something, and clients read resources without asking.'
      : `Only a GET can be read as a resource: clients read without asking, and a ${method} may change something.`
  return { pointer: '/resource', detail, fix: 'Leave `resource` out, or set it to null.' }
}

function unknownName({ properties }: JsonSchema, name: string): ProblemError {
  const names = Object.keys(objectOf(properties)).map(expressionOf)
  const near = nearestName(name, names)
  const told = names.length > 0 ? `Its arguments are ${names.slice(0, 20).join(', ')}.` : 'It has no arguments.'
  const detail = `The URI names "${name}", which is no argument of the tool.`
  return { pointer: '/resource/uri', detail, fix: near ? `Did you mean {${near}}?` : told }
}

function notNamed(uri: string, argument: string): ProblemError {
  const name = expressionOf(argument)
  const detail = `"${argument}" is required, so a URI that does not say it cannot be read.`
  const fix = `Name it, for instance ${uri}${uri.includes('?') ? '&' : '?'}${name}={${name}}, or fix it to a value.`
  return { pointer: '/resource/uri', detail, fix }
}

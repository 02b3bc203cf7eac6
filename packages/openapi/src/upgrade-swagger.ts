import { isObject } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'
import type { SpecDocument } from './read-spec.ts'
import { type Located, levelsOf, parameterInvalid, resolveObject, resolveParameters } from './resolve-object.ts'
import { swaggerSecurity } from './swagger-security.ts'
import { operationServers, swaggerServers } from './swagger-servers.ts'

/** Where an object that was rewritten stands in the text as received. */
export type Origins = WeakMap<object, string>

/**
 * Brings a Swagger 2.0 document into the shape of OpenAPI 3: `servers`, `requestBody`, `content`, `components.securitySchemes`,
 * `style` and `explode`. Schemas stay where they are, so references to `#/definitions` go on working. Later versions are
 * returned as they are. The declared version is kept: some rules depend on it.
 */
export function upgradeSwagger(
  document: SpecDocument,
  sourceUrl: string | undefined,
  findings: Findings,
  origins: Origins,
): SpecDocument {
  if (document.family !== '2.0') return document
  const { root } = document
  const walk: Walk = { root, sourceUrl, findings, origins }
  const paths = isObject(root.paths) ? root.paths : {}
  const upgraded = {
    ...root,
    servers: swaggerServers(root, sourceUrl, findings),
    components: { securitySchemes: swaggerSecurity(root) },
    paths: Object.fromEntries(
      Object.entries(paths).map(([path, item]) => [path, pathItem(item, pointerTo('', 'paths', path), walk)]),
    ),
  }
  return { ...document, root: upgraded }
}

interface Walk {
  readonly root: Record<string, unknown>
  readonly sourceUrl: string | undefined
  readonly findings: Findings
  readonly origins: Origins
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch'])

function pathItem(given: unknown, pointer: string, walk: Walk): unknown {
  const located = resolveObject(walk.root, given, pointer, walk.findings)
  if (!located) return given
  const levels = levelsOf(walk.root, given, pointer)
  const shared = levels
    .toReversed()
    .flatMap((level) =>
      resolveParameters(walk.root, level.value.parameters, pointerTo(level.pointer, 'parameters'), walk.findings),
    )
  const { parameters: _parameters, ...item } = located.value
  const upgraded: Record<string, unknown> = { ...item }
  for (const key of Object.keys(item).filter((name) => METHODS.has(name.toLowerCase()))) {
    const level = levels.find(({ value }) => Object.hasOwn(value, key)) ?? located
    if (isObject(item[key])) upgraded[key] = operation(item[key], pointerTo(level.pointer, key), shared, walk)
  }
  return upgraded
}

function operation(given: Record<string, unknown>, pointer: string, shared: Located[], walk: Walk): unknown {
  const own = resolveParameters(walk.root, given.parameters, pointerTo(pointer, 'parameters'), walk.findings)
  const all = [...shared.filter((parameter) => !own.some((other) => replaces(other, parameter))), ...own]
  const consumes = mediaTypes(given.consumes ?? walk.root.consumes)
  const produces = mediaTypes(given.produces ?? walk.root.produces)
  const body = requestBody(all.filter(isBody), consumes, walk)
  return {
    ...given,
    parameters: all.filter((parameter) => !isBody(parameter)).map((parameter) => parameterOf(parameter, walk)),
    ...(body ? { requestBody: body } : {}),
    responses: responsesOf(given.responses, produces, pointerTo(pointer, 'responses'), walk),
    ...ownServers(given.schemes, pointerTo(pointer, 'schemes'), walk),
  }
}

/** An operation's own schemes count, where those of the document are others (Swagger 2.0, Operation Object). */
function ownServers(schemes: unknown, pointer: string, { root, sourceUrl, findings, origins }: Walk) {
  if (!Array.isArray(schemes) || schemes.length === 0) return {}
  const servers = operationServers(root, schemes, sourceUrl, { pointer, findings })
  if (servers) origins.set(servers, pointer)
  return servers ? { servers } : {}
}

/** Whether an operation's parameter takes the place of one of its path (B20): there is one body, and none beside a form. */
function replaces(own: Located, shared: Located): boolean {
  if (isBody(own) && isBody(shared) && (own.value.in === 'body' || shared.value.in === 'body')) return true
  return own.value.in === shared.value.in && own.value.name === shared.value.name
}

function isBody({ value }: Located): boolean {
  return value.in === 'body' || value.in === 'formData'
}

function mediaTypes(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** Swagger 2 keeps the schema's keywords in the parameter itself (Parameter Object, Items Object). */
export function parameterOf(
  { value, pointer }: Located,
  walk: Pick<Walk, 'findings' | 'origins'>,
): Record<string, unknown> {
  const {
    name,
    in: place,
    description,
    required,
    allowEmptyValue,
    collectionFormat,
    'x-example': example,
    ...inline
  } = value
  const schema = isObject(inline.schema) ? ownSchema(inline.schema, inline, pointer, walk.findings) : inline
  const parameter = {
    name,
    in: place,
    description,
    required,
    allowEmptyValue,
    // Swagger 2.0 has no examples of parameters; what documents write instead is this.
    schema: example === undefined ? schema : { example, ...schema },
    ...styleOf(String(collectionFormat), place),
  }
  if (hasNestedFormat(value.items)) {
    const message = `${name}: lists within lists are sent as JSON text; the collectionFormat of the inner ones is left out`
    walk.findings.add({ code: 'collection-format-left-out', severity: 'warning', pointer, message })
  }
  if (collectionFormat !== undefined && !FORMATS.includes(String(collectionFormat))) {
    const message = `The collectionFormat ${JSON.stringify(collectionFormat)} is not known; it was read as csv`
    const at = pointerTo(pointer, 'collectionFormat')
    walk.findings.add({ code: 'style-unknown', severity: 'warning', pointer: at, message })
  }
  walk.origins.set(parameter, pointer)
  return parameter
}

function hasNestedFormat(items: unknown): boolean {
  return isObject(items) && items.type === 'array'
}

const FORMATS = ['csv', 'ssv', 'tsv', 'pipes', 'multi']

/** Only a body has a `schema` in Swagger 2.0; documents that give one to other parameters mean it all the same. */
function ownSchema(
  schema: Record<string, unknown>,
  { schema: _schema, ...inline }: Record<string, unknown>,
  pointer: string,
  findings: Findings,
): Record<string, unknown> {
  const message = 'Only a body has a `schema` in Swagger 2.0; it was read as if it stood in the parameter itself'
  const fix = 'Put what it says into the parameter itself.'
  findings.add({ code: 'parameter-schema', severity: 'warning', pointer, message, fix })
  return { ...inline, ...schema }
}

function styleOf(collectionFormat: string, place: unknown): Record<string, unknown> {
  switch (collectionFormat) {
    case 'multi':
      return { style: 'form', explode: true }
    case 'ssv':
      return { style: 'spaceDelimited', explode: false }
    case 'tsv':
      return { style: 'tabDelimited', explode: false }
    case 'pipes':
      return { style: 'pipeDelimited', explode: false }
    default:
      // csv is the default; in a query OpenAPI 3 would repeat the name instead.
      return place === 'query' ? { style: 'form', explode: false } : { explode: false }
  }
}

function requestBody(parameters: Located[], consumes: string[], walk: Walk): unknown {
  const whole = parameters.find(({ value }) => value.in === 'body')
  if (whole) {
    // Swagger 2.0, Parameter Object: there can be one body only, and no form beside it.
    for (const { pointer } of parameters.filter((one) => one !== whole))
      parameterInvalid(walk.findings, pointer, 'The operation has a body already; this part of one was left out')
    const types =
      consumes.length > 0 ? consumes : [isBytes(whole.value.schema) ? 'application/octet-stream' : 'application/json']
    const { schema, description, required } = whole.value
    const body = { description, required, content: Object.fromEntries(types.map((type) => [type, { schema }])) }
    walk.origins.set(body, whole.pointer)
    return body
  }
  const fields = parameters.filter(({ value, pointer }) => {
    const isNamed = typeof value.name === 'string' && value.name !== ''
    if (!isNamed) parameterInvalid(walk.findings, pointer, 'A field of a form needs a `name`; it was left out')
    return isNamed
  })
  return fields.length > 0 ? formBody(fields, consumes, walk) : undefined
}

function formBody(fields: Located[], consumes: string[], walk: Walk): unknown {
  const hasFile = fields.some(({ value }) => value.type === 'file')
  const isMultipart = hasFile || (consumes.includes('multipart/form-data') && !consumes.includes(FORM))
  const properties = fields.map((field) => [field.value.name, schemaOfField(field, walk)])
  const encodings = fields.filter(({ value }) => value.type === 'array')
  const required = fields.filter(({ value }) => value.required === true).map(({ value }) => value.name)
  const media = {
    schema: { type: 'object', properties: Object.fromEntries(properties), required },
    encoding: Object.fromEntries(
      encodings.map(({ value }) => [value.name, styleOf(String(value.collectionFormat), 'query')]),
    ),
  }
  const body = { required: required.length > 0, content: { [isMultipart ? 'multipart/form-data' : FORM]: media } }
  walk.origins.set(body, fields[0]!.pointer)
  return body
}

/** JSON, which is what nothing else is said of, holds no bytes. */
function isBytes(schema: unknown): boolean {
  return isObject(schema) && (schema.type === 'file' || (schema.type === 'string' && schema.format === 'binary'))
}

const FORM = 'application/x-www-form-urlencoded'

function schemaOfField(field: Located, walk: Walk): unknown {
  const { schema, description } = parameterOf(field, walk)
  return { ...(schema as object), description }
}

function responsesOf(responses: unknown, produces: string[], pointer: string, walk: Walk): unknown {
  if (!isObject(responses)) return responses
  const types = produces.length > 0 ? produces : ['application/json']
  const entries = Object.entries(responses).map(([status, response]) => {
    const located = resolveObject(walk.root, response, pointerTo(pointer, status), walk.findings)
    if (!located?.value.schema) return [status, response]
    const { schema, ...rest } = located.value
    return [status, { ...rest, content: Object.fromEntries(types.map((type) => [type, { schema }])) }]
  })
  return Object.fromEntries(entries)
}

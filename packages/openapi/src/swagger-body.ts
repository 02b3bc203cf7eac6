import { isObject } from '@sluice/schema'
import { type Located, parameterInvalid } from './resolve-object.ts'
import { parameterOf, type SwaggerWalk, styleOf } from './swagger-parameter.ts'

/** The `requestBody` that parameters `in: body` and `in: formData` are. */
export function swaggerBody(parameters: readonly Located[], consumes: readonly string[], walk: SwaggerWalk): unknown {
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

function formBody(fields: readonly Located[], consumes: readonly string[], walk: SwaggerWalk): unknown {
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

function schemaOfField(field: Located, walk: SwaggerWalk): unknown {
  const { schema, description } = parameterOf(field, walk)
  return { ...(schema as object), description }
}

/** Whether a parameter is a body or a part of one. */
export function isBody({ value }: Located): boolean {
  return value.in === 'body' || value.in === 'formData'
}

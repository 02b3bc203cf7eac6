import { type JsonSchema, LIMITS, Problem, type ProblemError } from '@sluice/contract'
import { checkSchema, healValue, isObject, nearestName, type SchemaFault } from '@sluice/schema'
import type { FastifySchemaCompiler } from 'fastify'

/**
 * Checks requests of the admin API against the schema of their route. What stands in a URL is text and is read as the schema
 * wants it; a body is taken as it is. Unknown fields are refused, with the nearest name.
 */
export const checkRequest: FastifySchemaCompiler<JsonSchema> = ({ schema, httpPart }) => {
  if (httpPart === 'body') return (value: unknown) => check(schema, value, 'body')
  const where = httpPart === 'querystring' ? 'query' : 'path'
  return (value: unknown) => check(schema, healValue(schema, { ...(value as object) }), where)
}

/**
 * A body that did not come as JSON, checked like one that did.
 * @throws Problem `invalid-request`
 */
export function checkBody(schema: object, value: unknown): unknown {
  const { error } = check(schema as JsonSchema, value, 'body')
  if (error) throw error
  return value
}

type Where = 'body' | 'query' | 'path'

function check(
  schema: JsonSchema,
  value: unknown,
  where: Where,
): { value: unknown; error?: undefined } | { error: Problem } {
  const unfit = unfitValues(value)
  const faults = unfit.length > 0 ? unfit : checkSchema(schema, value)
  if (faults.length === 0) return { value }
  const errors = faults.map((fault) => toError(fault, schema, where === 'body'))
  return {
    error: new Problem('invalid-request', {
      detail: `The ${where} is not as it should be: ${errors[0]!.detail}`,
      errors,
    }),
  }
}

/** What no field takes: a NUL, which PostgreSQL cannot keep, and nesting that no document has. */
function unfitValues(value: unknown, path: readonly string[] = []): SchemaFault[] {
  const unfit = (message: string) => [{ keyword: 'unfit', path: path.slice(0, 8).join('.'), message }]
  if (typeof value === 'string') return value.includes('\0') ? unfit(HOLDS_NUL) : []
  if (typeof value !== 'object' || value === null) return []
  if (path.length > LIMITS.specDepth) return unfit(`is nested deeper than ${LIMITS.specDepth} levels`)
  return Object.entries(value).flatMap(([key, item]) =>
    key.includes('\0') ? unfit(HOLDS_NUL) : unfitValues(item, [...path, key]),
  )
}

const HOLDS_NUL = 'holds a NUL character (\\u0000)'

function toError(fault: SchemaFault, schema: JsonSchema, isBody: boolean): ProblemError {
  const path = [...fault.path.split('.').filter(Boolean), ...(fault.property === undefined ? [] : [fault.property])]
  const pointer = isBody
    ? path.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
    : path.join('.')
  const name = path.join('.') || 'body'
  if (fault.keyword === 'required') return { pointer, detail: `${name} is missing.` }
  if (fault.keyword !== 'additionalProperties') return { pointer, detail: `${name} ${fault.message}.` }
  const known = isObject(schema.properties) && fault.path === '' ? Object.keys(schema.properties) : []
  const near = nearestName(fault.property ?? '', known)
  const fix = near ? `Did you mean ${near}?` : known.length > 0 ? `Known are: ${known.join(', ')}.` : undefined
  return { pointer, detail: `${name} is not known here.`, ...(fix ? { fix } : {}) }
}

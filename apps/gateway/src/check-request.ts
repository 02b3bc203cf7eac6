import { type JsonSchema, LIMITS, Problem, type ProblemError } from '@sluice/contract'
import { healValue } from '@sluice/schema'
import type { FastifySchemaCompiler } from 'fastify'
import { explainFaults, nameOf, placeOf, type Where } from './explain-faults.ts'

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

function check(
  schema: JsonSchema,
  value: unknown,
  where: Where,
): { value: unknown; error?: undefined } | { error: Problem } {
  const unfit = unfitValues(value, [], where)
  const errors = unfit.length > 0 ? unfit : explainFaults(schema, value, where)
  if (errors.length === 0) return { value }
  const detail = `The ${where} is not as it should be: ${errors[0]!.detail}`
  return { error: new Problem('invalid-request', { detail, errors }) }
}

/** What no field takes: a NUL, which PostgreSQL cannot keep, and nesting that no document has. */
function unfitValues(value: unknown, path: readonly string[], where: Where): ProblemError[] {
  const unfit = (message: string, fix: string): ProblemError[] => {
    const shown = path.slice(0, 8)
    return [{ pointer: placeOf(shown, where), detail: `${nameOf(shown, where)} ${message}.`, fix }]
  }
  const nul = () => unfit('holds a NUL character (\\u0000)', 'Remove the character.')
  if (typeof value === 'string') return value.includes('\0') ? nul() : []
  if (typeof value !== 'object' || value === null) return []
  if (path.length > LIMITS.specDepth)
    return unfit(`is nested deeper than ${LIMITS.specDepth} levels`, 'Make it flatter.')
  return Object.entries(value).flatMap(([key, item]) =>
    key.includes('\0') ? nul() : unfitValues(item, [...path, key], where),
  )
}

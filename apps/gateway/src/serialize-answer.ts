import type { JsonSchema } from '@sluice/contract'
import buildSerializer from 'fast-json-stringify'
import type { FastifySerializerCompiler } from 'fastify'

/**
 * Writes answers of the admin API as the schema of their route has them: what it does not declare is left out. What writes an
 * answer is made when it is first wanted: for all routes that would be a fifth of a second of each start.
 */
export const serializeAnswer: FastifySerializerCompiler<JsonSchema> = ({ schema }) => {
  let serialize: ((answer: unknown) => string) | undefined
  return (answer) => {
    serialize ??= buildSerializer(withoutNullChoices(schema) as JsonSchema)
    return serialize(answer)
  }
}

/**
 * A schema or null, as one schema of two types: for a choice each value would be tried against each schema, which took as long as
 * all the rest of an import's report, and a tenth of a second once for the validators.
 */
export function withoutNullChoices(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutNullChoices)
  if (typeof schema !== 'object' || schema === null) return schema
  const { anyOf, ...rest } = schema as { anyOf?: readonly JsonSchema[] }
  const value = anyOf?.length === 2 && anyOf.some(isNull) && anyOf.find((choice) => !isNull(choice))
  const isOneType = value && typeof value.type === 'string' && !('enum' in value || 'const' in value)
  const whole = isOneType ? { ...rest, ...value, type: [value.type, 'null'] } : schema
  return Object.fromEntries(Object.entries(whole).map(([key, part]) => [key, withoutNullChoices(part)]))
}

function isNull(schema: JsonSchema): boolean {
  return schema.type === 'null'
}

import type { JsonSchema } from '@sluice/contract'
import { mapSchema } from './map-schema.ts'
import { READ_ONLY } from './object-parts.ts'
import { renamedKeys } from './safe-keys.ts'
import { withVisibleValues } from './visible-values.ts'
import { isObject } from './walk-schema.ts'

/**
 * The schema for clients that take all of JSON Schema 2020-12: as arguments are checked, with its `$defs`, but with keys that
 * every client takes (B40). Kept as long as the schema object lives.
 */
export function fullSchema(validation: JsonSchema): JsonSchema {
  const found = known.get(validation)
  if (found) return found
  const schema = mapSchema(validation, ({ [READ_ONLY]: _names, ...schema }) => renameKeys(withVisibleValues(schema)))
  known.set(validation, schema)
  return schema
}

const known = new WeakMap<JsonSchema, JsonSchema>()

function renameKeys(schema: JsonSchema): JsonSchema {
  if (!isObject(schema.properties)) return schema
  const renamed = renamedKeys(Object.keys(schema.properties))
  if (renamed.size === 0) return schema
  const keyOf = (name: string) => renamed.get(name) ?? name
  const { properties, required, dependentRequired, ...rest } = schema
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).map(([name, value]) => [keyOf(name), value])),
    ...(Array.isArray(required) ? { required: required.map((name) => keyOf(String(name))) } : {}),
    ...(isObject(dependentRequired) ? { dependentRequired: renameDependent(dependentRequired, keyOf) } : {}),
  }
}

function renameDependent(dependent: Record<string, unknown>, keyOf: (name: string) => string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(dependent).map(([name, needed]) => [
      keyOf(name),
      Array.isArray(needed) ? needed.map((other) => keyOf(String(other))) : needed,
    ]),
  )
}

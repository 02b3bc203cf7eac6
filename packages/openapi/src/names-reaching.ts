import type { JsonSchema } from '@sluice/contract'
import { definitionName, isObject } from '@sluice/schema'

/** The arguments whose schemas lead to a definition, which has a name that nobody knows who reads of arguments. */
export function namesReaching({ properties, $defs }: JsonSchema, definition: string): string[] {
  const definitions = isObject($defs) ? $defs : {}
  const listed = isObject(properties) ? Object.entries(properties) : []
  return listed.flatMap(([name, schema]) => (reaches(schema, definition, definitions) ? [name] : []))
}

/** A set is walked in the order in which it grows. */
function reaches(schema: unknown, wanted: string, definitions: Readonly<Record<string, unknown>>): boolean {
  const found = new Set(namesIn(schema))
  for (const name of found) for (const further of namesIn(definitions[name])) found.add(further)
  return found.has(wanted)
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn)
  if (!isObject(value)) return []
  const own = definitionName(value.$ref)
  return [...(own === undefined ? [] : [own]), ...Object.values(value).flatMap(namesIn)]
}

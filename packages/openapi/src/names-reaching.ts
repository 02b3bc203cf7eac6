import type { JsonSchema } from '@sluice/contract'
import { definitionName, isObject } from '@sluice/schema'

/** The arguments whose schemas lead to a definition, which has a name that nobody knows who reads of arguments. */
export function namesReaching({ properties, $defs }: JsonSchema, definition: string): string[] {
  const definitions = isObject($defs) ? $defs : {}
  const listed = isObject(properties) ? Object.entries(properties) : []
  return listed.flatMap(([name, schema]) => (reaches(schema, definition, definitions) ? [name] : []))
}

function reaches(schema: unknown, wanted: string, definitions: Readonly<Record<string, unknown>>): boolean {
  return namesReachedFrom(schema, definitions).has(wanted)
}

/** The definitions that a schema leads to. */
export function namesReachedFrom(schema: unknown, definitions: Readonly<Record<string, unknown>>): Set<string> {
  const found = new Set(namesIn(schema))
  // A set is walked in the order in which it grows.
  for (const name of found) for (const further of namesOf(definitions[name])) found.add(further)
  return found
}

/** Kept as long as the definition lives: several arguments lead to it. */
function namesOf(definition: unknown): readonly string[] {
  if (!isObject(definition)) return []
  const names = known.get(definition) ?? namesIn(definition)
  known.set(definition, names)
  return names
}

const known = new WeakMap<object, readonly string[]>()

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn)
  if (!isObject(value)) return []
  const own = definitionName(value.$ref)
  return [...(own === undefined ? [] : [own]), ...Object.values(value).flatMap(namesIn)]
}

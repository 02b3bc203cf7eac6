import type { JsonSchema } from '@sluice/contract'
import { renamedKeys } from './safe-keys.ts'
import { isObject, resolveLocal } from './walk-schema.ts'

/** What a schema says of an object's properties, its `allOf` and its alternatives included. */
export interface ObjectParts {
  readonly properties: Readonly<Record<string, unknown>>
  readonly required: ReadonlySet<string>
  /** The names behind the keys that a model was shown instead. */
  readonly realNames: ReadonlyMap<string, string>
}

/** Kept as long as the schema object lives: a call asks for the same ones each time. */
const known = new WeakMap<JsonSchema, ObjectParts>()

export function objectParts(schema: JsonSchema, root: JsonSchema): ObjectParts {
  const found = known.get(schema)
  if (found) return found
  const always = partsOf(schema, root, ['allOf'])
  const properties = propertiesOf(always)
  for (const [name, alternatives] of alternativesOf(schema, root)) {
    if (!Object.hasOwn(properties, name)) properties[name] = oneOf(alternatives)
  }
  const renamed = renamedKeys(Object.keys(properties))
  const parts = {
    properties,
    required: new Set(always.flatMap(requiredOf)),
    realNames: new Map([...renamed].map(([name, key]) => [key, name])),
  }
  known.set(schema, parts)
  return parts
}

function propertiesOf(parts: readonly JsonSchema[]): Record<string, unknown> {
  const all: Record<string, unknown> = Object.create(null)
  for (const part of parts) if (isObject(part.properties)) Object.assign(all, part.properties)
  return all
}

/** Properties that only some branches of a union have, with what each says of them. */
function alternativesOf(schema: JsonSchema, root: JsonSchema): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>()
  for (const part of partsOf(schema, root, ['allOf', 'anyOf', 'oneOf'])) {
    if (!isObject(part.properties)) continue
    for (const [name, property] of Object.entries(part.properties)) {
      const before = found.get(name) ?? []
      if (!before.includes(property)) found.set(name, [...before, property])
    }
  }
  return found
}

function oneOf(alternatives: readonly unknown[]): unknown {
  return alternatives.length === 1 ? alternatives[0] : { anyOf: alternatives }
}

function requiredOf({ required }: JsonSchema): string[] {
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []
}

function partsOf(schema: JsonSchema, root: JsonSchema, through: readonly string[], depth = 0): JsonSchema[] {
  if (depth > 8) return [schema]
  const inner = through.flatMap((keyword) => (Array.isArray(schema[keyword]) ? (schema[keyword] as unknown[]) : []))
  return [
    schema,
    ...inner.flatMap((part) => (isObject(part) ? partsOf(resolveLocal(part, root), root, through, depth + 1) : [])),
  ]
}

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
function alternativesOf(schema: JsonSchema, root: JsonSchema): Map<string, ReadonlySet<unknown>> {
  const found = new Map<string, Set<unknown>>()
  for (const part of partsOf(schema, root, ['allOf', 'anyOf', 'oneOf'])) {
    if (!isObject(part.properties)) continue
    for (const [name, property] of Object.entries(part.properties)) {
      const alternatives = found.get(name) ?? new Set()
      found.set(name, alternatives.add(property))
    }
  }
  return found
}

function oneOf(alternatives: ReadonlySet<unknown>): unknown {
  return alternatives.size === 1 ? [...alternatives][0] : { anyOf: [...alternatives] }
}

function requiredOf({ required }: JsonSchema): string[] {
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []
}

/** A schema and all that applies to the same value through such keywords. Each is visited once: unions of unions repeat themselves. */
export function partsOf(schema: JsonSchema, root: JsonSchema, through: readonly string[]): JsonSchema[] {
  const parts = new Set([schema])
  const seen = new Set<unknown>()
  // A set is walked in the order in which it grows.
  for (const part of parts) {
    for (const inner of through.flatMap((keyword) => listOf(part[keyword]))) {
      if (!isObject(inner) || seen.has(inner)) continue
      seen.add(inner)
      parts.add(targetOf(inner, root))
    }
  }
  return [...parts]
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

const targets = new WeakMap<JsonSchema, JsonSchema>()

/** What a reference stands for, the same object each time. */
export function targetOf(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (schema.$ref === undefined) return schema
  const target = targets.get(schema) ?? resolveLocal(schema, root)
  targets.set(schema, target)
  return target
}

import type { JsonSchema } from '@sluice/contract'
import { linearRegExp } from './linear-reg-exp.ts'
import { renamedKeys } from './safe-keys.ts'
import { asStrings, isObject, resolveLocal } from './walk-schema.ts'

/** What a schema says of an object's properties, its `allOf` and its alternatives included. */
export interface ObjectParts {
  readonly properties: Readonly<Record<string, unknown>>
  readonly required: ReadonlySet<string>
  /** The names behind the keys that a model was shown instead; branches of a union may show one key for several. */
  readonly realNames: ReadonlyMap<string, readonly string[]>
  /** The objects whose keys were shown each by itself, where there are such names. */
  readonly branches: readonly ShownBranch[]
  /** What else is said of a key, by pattern or of all others. */
  readonly others: (name: string) => unknown
  /** What only the server writes. */
  readonly readOnly: ReadonlySet<string>
}

/** Keyword of an object: names of its members that only the server writes. They are no properties of it, and nobody is to send them (B118). */
export const READ_ONLY = 'x-read-only'

export interface ShownBranch {
  readonly properties: Readonly<Record<string, unknown>>
  /** The keys shown in place of names. */
  readonly shown: ReadonlyMap<string, string>
}

const ALWAYS = ['allOf']
const ALTERNATIVES = ['allOf', 'anyOf', 'oneOf', 'then', 'else', 'dependentSchemas']

/** Kept as long as the schema object lives: a call asks for the same ones each time. */
const known = new WeakMap<JsonSchema, ObjectParts>()

export function objectParts(schema: JsonSchema, root: JsonSchema): ObjectParts {
  const found = known.get(schema)
  if (found) return found
  const always = partsOf(schema, root, ALWAYS)
  const all = partsOf(schema, root, ALTERNATIVES)
  const properties = propertiesOf(always)
  for (const [name, alternatives] of alternativesOf(all)) {
    if (!Object.hasOwn(properties, name)) properties[name] = oneOf(alternatives)
  }
  const branches = shownBranches(properties, all, root)
  const parts = {
    properties,
    required: new Set(always.flatMap(requiredOf)),
    realNames: realNamesOf(properties, branches),
    branches,
    others: othersOf(all),
    readOnly: new Set(all.flatMap(readOnlyOf).filter((name) => !Object.hasOwn(properties, name))),
  }
  known.set(schema, parts)
  return parts
}

/** A model sees the keys of each branch by itself, so each is renamed by itself. */
function shownBranches(
  properties: Readonly<Record<string, unknown>>,
  all: readonly JsonSchema[],
  root: JsonSchema,
): ShownBranch[] {
  if (renamedKeys(Object.keys(properties)).size === 0) return []
  return all.slice(0, MOST_BRANCHES).map((part) => {
    const own = propertiesOf(partsOf(part, root, ALWAYS))
    return { properties: own, shown: renamedKeys(Object.keys(own)) }
  })
}

function realNamesOf(
  properties: Readonly<Record<string, unknown>>,
  branches: readonly ShownBranch[],
): Map<string, string[]> {
  const names = new Map<string, string[]>()
  const all = [...branches.map(({ shown }) => shown), renamedKeys(Object.keys(properties))]
  for (const [name, key] of all.flatMap((shown) => [...shown])) {
    const before = names.get(key) ?? []
    if (!before.includes(name)) names.set(key, [...before, name])
  }
  return names
}

/** Each is looked at with all its parts. */
const MOST_BRANCHES = 200

/** Each is tried on each key. */
const MOST_PATTERNS = 20

function othersOf(all: readonly JsonSchema[]): (name: string) => unknown {
  const patterns = all.flatMap(({ patternProperties }) =>
    isObject(patternProperties) ? Object.entries(patternProperties) : [],
  )
  const byPattern = patterns
    .slice(0, MOST_PATTERNS)
    .map(([pattern, schema]) => ({ pattern: linearRegExp(pattern, 'u'), schema }))
  const rest = new Set(all.map(({ additionalProperties }) => additionalProperties).filter(isObject))
  const other = rest.size > 0 ? oneOf(rest) : undefined
  return (name) => byPattern.find(({ pattern }) => pattern.test(name))?.schema ?? other
}

function propertiesOf(parts: readonly JsonSchema[]): Record<string, unknown> {
  const all: Record<string, unknown> = Object.create(null)
  for (const part of parts) if (isObject(part.properties)) Object.assign(all, part.properties)
  return all
}

/** What the branches of a union say of each property. */
function alternativesOf(all: readonly JsonSchema[]): Map<string, ReadonlySet<unknown>> {
  const found = new Map<string, Set<unknown>>()
  for (const part of all) {
    if (!isObject(part.properties)) continue
    for (const [name, property] of Object.entries(part.properties)) {
      const alternatives = found.get(name) ?? new Set()
      found.set(name, alternatives.add(property))
    }
  }
  return found
}

/** What a list's items may be, by their place. */
export function itemAt(schema: JsonSchema, root: JsonSchema): (index: number) => unknown {
  const found = items.get(schema)
  if (found) return found
  const all = partsOf(schema, root, ALTERNATIVES)
  const tuples = all.map(({ prefixItems }) => listOf(prefixItems))
  const rest = all.map((part) => part.items)
  const longest = tuples.reduce((most, tuple) => Math.max(most, tuple.length), 0)
  const places = Array.from({ length: longest + 1 }, (_, index) => {
    const said = tuples.map((tuple, n) => (index < tuple.length ? tuple[index] : rest[n])).filter(isObject)
    return said.length > 0 ? oneOf(new Set(said)) : undefined
  })
  const at = (index: number) => places[Math.min(index, longest)]
  items.set(schema, at)
  return at
}

const items = new WeakMap<JsonSchema, (index: number) => unknown>()

function oneOf(alternatives: ReadonlySet<unknown>): unknown {
  return alternatives.size === 1 ? [...alternatives][0] : { anyOf: [...alternatives] }
}

function readOnlyOf({ [READ_ONLY]: names }: JsonSchema): string[] {
  return asStrings(names)
}

function requiredOf({ required }: JsonSchema): string[] {
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []
}

/** A schema and all that applies to the same value through such keywords. Each is visited once: unions of unions repeat themselves. */
function partsOf(schema: JsonSchema, root: JsonSchema, through: readonly string[]): JsonSchema[] {
  const parts = new Set([schema])
  const seen = new Set<unknown>()
  // A set is walked in the order in which it grows.
  for (const part of parts) {
    for (const inner of through.flatMap((keyword) => schemasIn(keyword, part[keyword]))) {
      if (!isObject(inner) || seen.has(inner)) continue
      seen.add(inner)
      parts.add(targetOf(inner, root))
    }
  }
  return [...parts]
}

/** A list of schemas, one, or some by name. */
function schemasIn(keyword: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (!isObject(value)) return []
  return keyword === 'dependentSchemas' ? Object.values(value) : [value]
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

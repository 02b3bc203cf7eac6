import { follow, isPlain, lookUp, type Plain } from '../walk-operations.ts'
import { ignoresSiblings, onlyReference } from './without-siblings.ts'

/**
 * The part of a schema that values reach, without references: what a validator must read of it to judge these values.
 *
 * It says of them what the whole says. `properties`, `items` and their like "apply" a schema to the members that a value has
 * (JSON Schema 2020-12, Core 10.3); to a member that is not there they apply nothing, so whatever the schema of that member
 * holds has no say. Of such a member the name is kept, since `additionalProperties` means the names beside it, and that it is
 * read-only, since `required` depends on it. All other keywords judge the value itself and stay as they are; branches (`allOf`,
 * `oneOf`, `not`, …) judge the same value and are cut by it. A reference stands for what it refers to (Core 8.2.3.1); what
 * stands beside it is laid over that, as the validator's own loader does.
 *
 * A schema that comes back to itself with the same value adds nothing to what it already says of it.
 */
export function projectSchema(root: Plain, schema: unknown, values: readonly unknown[]): unknown {
  return project(schema, values, { root, open: [] })
}

interface Scope {
  readonly root: Plain
  /** The schemas that are being cut by the very same values. */
  readonly open: readonly unknown[]
}

type Cut = (schema: unknown, values: readonly unknown[], scope: Scope) => unknown

function project(given: unknown, values: readonly unknown[], scope: Scope): unknown {
  if (!isPlain(given)) return given
  if (values.length === 0) return placeholder(scope.root, given)
  if (scope.open.includes(given)) return {}
  const inner = { ...scope, open: [...scope.open, given] }
  if (typeof given.$ref === 'string') return project(resolved(scope.root, given), values, inner)
  const entries = Object.entries(given).filter(([keyword]) => !UNREAD.has(keyword))
  return Object.fromEntries(
    entries.map(([keyword, member]) => [keyword, CUTS[keyword]?.(member, values, inner) ?? member]),
  )
}

/** Nothing is judged by these; examples may hold what looks like a reference. */
const UNREAD = new Set(['$defs', 'definitions', 'example', 'examples', 'description'])

const cutSame: Cut = (schema, values, scope) => project(schema, values, scope)
const cutEach: Cut = (schemas, values, scope) =>
  Array.isArray(schemas) ? schemas.map((one) => project(one, values, scope)) : schemas
const cutNamed: Cut = (schemas, values, scope) => mapMembers(schemas, (_name, one) => project(one, values, scope))

/** Members and items are other values: a schema that is open around them is none of a circle. */
const cutItems: Cut = (schema, values, { root }) => {
  const items = values.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : []))
  return (Array.isArray(schema) ? cutEach : project)(schema, items, { root, open: [] })
}
const cutMembers: Cut = (schema, values, { root }) =>
  project(schema, values.filter(isPlain).flatMap(Object.values), { root, open: [] })
const cutPatterns: Cut = (schemas, values, scope) => mapMembers(schemas, (_name, one) => cutMembers(one, values, scope))
const cutNames: Cut = (schema, values, { root }) =>
  project(schema, values.filter(isPlain).flatMap(Object.keys), { root, open: [] })
const cutProperties: Cut = (schemas, values, { root }) =>
  mapMembers(schemas, (name, one) => {
    const present = values.filter(isPlain).filter((value) => Object.hasOwn(value, name))
    const members = present.map((value) => value[name])
    return project(one, members, { root, open: [] })
  })

/**
 * A discriminator judges nothing (OpenAPI 3.1.1, 4.8.25: a hint). Its list may name half an API; only its length is kept, so that
 * two which differ still do: the validator merges `allOf` where no such keywords differ.
 */
const cutDiscriminator: Cut = (discriminator) => {
  if (!isPlain(discriminator) || !isPlain(discriminator.mapping)) return discriminator
  return { ...discriminator, mapping: { length: String(JSON.stringify(discriminator.mapping).length) } }
}

const CUTS: Readonly<Record<string, Cut | undefined>> = Object.assign(Object.create(null), {
  allOf: cutEach,
  anyOf: cutEach,
  oneOf: cutEach,
  not: cutSame,
  if: cutSame,
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  then: cutSame,
  else: cutSame,
  dependentSchemas: cutNamed,
  dependencies: cutNamed,
  properties: cutProperties,
  patternProperties: cutPatterns,
  additionalProperties: cutMembers,
  unevaluatedProperties: cutMembers,
  propertyNames: cutNames,
  items: cutItems,
  prefixItems: cutItems,
  additionalItems: cutItems,
  unevaluatedItems: cutItems,
  contains: cutItems,
  discriminator: cutDiscriminator,
})

function mapMembers(members: unknown, cut: (name: string, member: unknown) => unknown): unknown {
  if (!isPlain(members)) return members
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, cut(name, member)]))
}

/** `{ ...target, ...beside }`; a reference that leads nowhere says nothing. */
function resolved(root: Plain, given: Plain): unknown {
  const { $ref, ...beside } = ignoresSiblings(root) ? onlyReference(given) : given
  const target = lookUp(root, String($ref))
  if (target === undefined || Object.keys(beside).length === 0) return target ?? beside
  return isPlain(target) ? { ...target, ...beside } : target
}

function placeholder(root: Plain, schema: Plain): Plain {
  const isReadOnly = schema.readOnly === true || follow(root, schema)?.readOnly === true
  return isReadOnly ? { readOnly: true } : {}
}

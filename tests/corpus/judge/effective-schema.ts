import type { JsonSchema } from '@sluice/contract'
import { isPlain } from '../walk-operations.ts'

/** How one branch of several is taken. */
export type Choose = (branches: readonly unknown[]) => unknown

/**
 * A schema without references and combinators at its top: what they say is merged into one list of keywords, and of `oneOf`
 * and `anyOf` one branch is taken. A value made for it may still break the rest, so it is checked afterwards.
 */
export function effectiveSchema(schema: unknown, root: JsonSchema, choose: Choose): JsonSchema {
  return flatten(schema, root, choose, 0)
}

/** Whether a value of a schema can hold something at a path, in one of its branches. */
export function reaches(schema: unknown, steps: readonly string[], root: JsonSchema): boolean {
  if (!isPlain(schema)) return false
  if (steps.length === 0) return true
  const answers = known.get(schema) ?? new Map<string, boolean>()
  known.set(schema, answers)
  const path = JSON.stringify(steps)
  const answer = answers.get(path)
  if (answer !== undefined) return answer
  // What comes back to itself reaches nothing more.
  answers.set(path, false)
  const found = reachesAnew(schema, steps, root)
  answers.set(path, found)
  return found
}

/** A schema belongs to one root, and many operations ask it for the same paths many times. */
const known = new WeakMap<object, Map<string, boolean>>()

function reachesAnew(schema: JsonSchema, steps: readonly string[], root: JsonSchema): boolean {
  const [step, ...rest] = steps
  const inner = step === '*' ? schema.items : isPlain(schema.properties) ? schema.properties[step!] : undefined
  if (inner !== undefined && reaches(inner, rest, root)) return true
  const referred = typeof schema.$ref === 'string' ? [definitionOf(schema.$ref, root)] : []
  return [...referred, ...asList(schema.allOf), ...asList(schema.oneOf), ...asList(schema.anyOf)].some((branch) =>
    reaches(branch, steps, root),
  )
}

const MOST_HOPS = 24

function flatten(given: unknown, root: JsonSchema, choose: Choose, hops: number): JsonSchema {
  if (!isPlain(given) || hops > MOST_HOPS) return {}
  const { $ref, allOf, oneOf, anyOf, ...own } = given
  const parts: JsonSchema[] = [closed(own)]
  if (typeof $ref === 'string') parts.push(flatten(definitionOf($ref, root), root, choose, hops + 1))
  for (const part of asList(allOf)) parts.push(flatten(part, root, choose, hops + 1))
  for (const branches of [asList(oneOf), asList(anyOf)]) {
    const usable = branches.filter((branch) => !isPlain(branch) || branch.type !== 'null')
    if (branches.length > 0) parts.push(flatten(choose(usable.length > 0 ? usable : branches), root, choose, hops + 1))
  }
  return parts.reduce(merge)
}

/** Which names alone may stand in an object: a part that takes no others closes the whole. */
export const CLOSED = 'x-closed'

function closed(schema: JsonSchema): JsonSchema {
  if (schema.additionalProperties !== false || schema.patternProperties !== undefined) return schema
  return { ...schema, [CLOSED]: Object.keys(isPlain(schema.properties) ? schema.properties : {}) }
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function definitionOf(reference: string, root: JsonSchema): unknown {
  const name = reference.replace('#/$defs/', '')
  return isPlain(root.$defs) ? root.$defs[name] : undefined
}

function merge(one: JsonSchema, other: JsonSchema): JsonSchema {
  const merged: Record<string, unknown> = { ...one, ...other }
  const both = (keyword: string) => one[keyword] !== undefined && other[keyword] !== undefined
  if (both('properties')) merged.properties = mergeProperties(one.properties, other.properties)
  if (both('required')) merged.required = [...new Set([...asList(one.required), ...asList(other.required)])]
  if (both(CLOSED)) merged[CLOSED] = asList(one[CLOSED]).filter((name) => asList(other[CLOSED]).includes(name))
  if (both('enum'))
    merged.enum = asList(one.enum).filter((value) => asList(other.enum).some((item) => same(item, value)))
  if (both('type')) merged.type = typesOf(one.type).filter((type) => typesOf(other.type).includes(type))
  for (const keyword of ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'])
    if (both(keyword)) merged[keyword] = Math.max(one[keyword] as number, other[keyword] as number)
  for (const keyword of ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'])
    if (both(keyword)) merged[keyword] = Math.min(one[keyword] as number, other[keyword] as number)
  if (both('items')) merged.items = { allOf: [one.items, other.items] }
  return merged
}

function mergeProperties(one: unknown, other: unknown): Record<string, unknown> {
  const merged: Record<string, unknown> = Object.assign(Object.create(null), one)
  for (const [name, schema] of Object.entries(other as object))
    merged[name] = name in merged ? { allOf: [merged[name], schema] } : schema
  return merged
}

/** The types that a schema allows; none named is an empty list. */
export function typesOf(type: unknown): string[] {
  return (Array.isArray(type) ? type : [type]).filter((item) => typeof item === 'string')
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

import { isObject } from '@sluice/schema'
import { branchesOf } from './misshapen-keywords.ts'
import type { Translation } from './translation.ts'

type Declared = Translation['declared']

/** What closes a schema for properties that it does not describe. */
export const CLOSING = ['additionalProperties', 'unevaluatedProperties'] as const

/** Whether no value fits: `false`, or its negation of everything, as TypeSpec writes it. */
export function isNever(schema: unknown): boolean {
  if (!isObject(schema)) return schema === false
  const { not } = schema
  return Object.keys(schema).length === 1 && (not === true || (isObject(not) && Object.keys(not).length === 0))
}

/** Whether a schema, or a part that it is made of, takes no properties but its own. */
export function isClosed(schema: unknown, declared: Declared, depth = 0): boolean {
  const target = followed(schema, declared)
  if (!isObject(target) || depth > DEEPEST) return false
  const found = known.get(target)
  if (found !== undefined) return found
  // What closes a ring closes nothing else.
  known.set(target, false)
  const parts = Array.isArray(target.allOf) ? target.allOf : []
  const closed =
    CLOSING.some((keyword) => isNever(target[keyword])) || parts.some((part) => isClosed(part, declared, depth + 1))
  known.set(target, closed)
  return closed
}

/** Bases of bases, more than any document has. */
const DEEPEST = 64

/** Kept as long as the document lives: bases are asked by all that builds on them. */
const known = new WeakMap<object, boolean>()

/**
 * Whether a schema's parts describe properties that it does not: closed, as .NET writes what builds on a base, it would refuse all
 * of them, which nobody can mean.
 */
export function hasMoreInParts(schema: Record<string, unknown>, declared: Declared): boolean {
  const parts = COMBINATIONS.flatMap((keyword) => branchesOf(schema[keyword])).map((part) => followed(part, declared))
  return parts.some((part) => isObject(part) && (isCombined(part) || namesOf(part).some((name) => !has(schema, name))))
}

/** Whether a branch of a schema's union is closed for properties that the schema itself describes. */
export function isClosedFor(schema: Record<string, unknown>, branch: unknown, declared: Declared): boolean {
  const target = followed(branch, declared)
  return isObject(target) && isClosed(target, declared) && namesOf(schema).some((name) => !has(target, name))
}

const COMBINATIONS = ['allOf', 'anyOf', 'oneOf']

function isCombined(schema: Record<string, unknown>): boolean {
  return COMBINATIONS.some((keyword) => Array.isArray(schema[keyword]))
}

/** What a schema names, or itself. */
export function followed(schema: unknown, declared: Declared): unknown {
  return isObject(schema) && typeof schema.$ref === 'string' ? declared(schema.$ref) : schema
}

function namesOf({ properties }: Record<string, unknown>): string[] {
  return isObject(properties) ? Object.keys(properties) : []
}

function has({ properties }: Record<string, unknown>, name: string): boolean {
  return isObject(properties) && Object.hasOwn(properties, name)
}

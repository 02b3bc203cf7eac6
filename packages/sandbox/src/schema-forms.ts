import type { JsonSchema } from '@sluice/contract'
import { isObject, resolveLocal } from '@sluice/schema'
import type { Walk } from './walk.ts'

const DEEPEST = 8
const STRUCTURE = new Set([
  'type',
  'properties',
  'patternProperties',
  'additionalProperties',
  'required',
  'items',
  'prefixItems',
  'allOf',
  'oneOf',
])

/** The forms that a value may have: the schema itself, or the branches of what it is made of. */
export function formsOf(schema: JsonSchema, walk: Walk, depth = 0): JsonSchema[] {
  walk.spend()
  const here = resolveLocal(schema, walk.root)
  const keyword = ['anyOf', 'oneOf'].find((one) => Array.isArray(here[one]))
  if (!keyword || depth > DEEPEST) return [here]
  const { [keyword]: branches, ...beside } = here
  const isStructured = Object.keys(beside).some((key) => STRUCTURE.has(key))
  return (branches as unknown[])
    .filter(isObject)
    .flatMap((branch) => formsOf(branch, walk, depth + 1))
    .map((form) => (isStructured ? { allOf: [beside, form] } : form))
}

/** The parts that all hold of one form. */
export function partsOf(form: JsonSchema, walk: Walk, depth = 0): JsonSchema[] {
  walk.spend()
  const here = resolveLocal(form, walk.root)
  if (!Array.isArray(here.allOf) || depth > DEEPEST) return [here]
  return [here, ...here.allOf.filter(isObject).flatMap((part) => partsOf(part, walk, depth + 1))]
}

/** Whether values of a form may be of a type; `number` is not asked for. */
export function mayBe(type: 'object' | 'array', parts: readonly JsonSchema[]): boolean {
  return parts.every(({ type: declared }) => declared === undefined || [declared].flat().includes(type))
}

/** Whether values of a form are of these types alone. */
export function isAlways(types: readonly string[], parts: readonly JsonSchema[]): boolean {
  return parts.some(({ type }) => type !== undefined && [type].flat().every((one) => types.includes(String(one))))
}

const UNREAD = ['anyOf', 'oneOf', 'if', 'dependentSchemas', 'unevaluatedProperties']

/** Whether a part may say more than its own keywords do. */
export function isUnread(part: JsonSchema): boolean {
  return UNREAD.some((keyword) => keyword in part)
}

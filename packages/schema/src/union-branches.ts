import type { JsonSchema } from '@sluice/contract'
import { valuesOf } from './of-type.ts'
import { asStrings, isObject } from './walk-schema.ts'

/** Whether a schema takes null and nothing else, by its type or by its values. */
export function isNullType(schema: JsonSchema): boolean {
  const values = valuesOf(schema) ?? []
  return schema.type === 'null' || (values.length > 0 && values.every((value) => value === null))
}

/** What the branches of a union need, in words, where that is all that they say: as a union it would tell a model nothing. */
export function toldNeeds(branches: readonly unknown[], nameOf: (name: string) => string): string | undefined {
  const needs = branches.map((branch) => {
    if (!isObject(branch) || Object.keys(branch).some((key) => !OF_NEEDS.has(key))) return []
    return asStrings(branch.required)
  })
  if (needs.some((names) => names.length === 0)) return undefined
  return `needs ${needs.map((names) => names.map(nameOf).join(' and ')).join(', or ')}`
}

const OF_NEEDS = new Set(['required', 'not', 'type', 'title', 'description'])

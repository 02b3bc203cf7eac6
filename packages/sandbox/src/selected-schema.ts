import type { JsonSchema } from '@sluice/contract'
import { isObject, resolveLocal } from '@sluice/schema'

/** What an expression selects, as far as schemas tell: values of `schema`, or null too. `nothing`: null, whatever the answer. */
export type Selected = { readonly schema: JsonSchema; readonly nullable: boolean } | 'nothing'

export const ANY: Selected = { schema: {}, nullable: true }

export function selected(schema: JsonSchema, nullable = false): Selected {
  return { schema, nullable }
}

export function orNull(one: Selected): Selected {
  return one === 'nothing' ? one : { ...one, nullable: true }
}

/** The schema of what may be null. */
export function schemaOf(one: Selected): JsonSchema {
  if (one === 'nothing') return { type: 'null' }
  const { schema, nullable } = one
  if (!nullable || Object.keys(schema).length === 0) return schema
  if (typeof schema.type === 'string' && !('enum' in schema) && !('const' in schema))
    return { ...schema, type: schema.type === 'null' ? 'null' : [schema.type, 'null'] }
  if (Array.isArray(schema.type) && schema.type.includes('null') && !('enum' in schema)) return schema
  return { anyOf: [schema, { type: 'null' }] }
}

export function union(all: readonly Selected[]): Selected {
  const there = all.filter((one) => one !== 'nothing')
  if (there.length === 0) return 'nothing'
  const nullable = there.length < all.length || there.some((one) => one.nullable)
  const [first, ...others] = there.map(({ schema }) => schema)
  if (there.some(({ schema }) => Object.keys(schema).length === 0)) return ANY
  return selected(others.length === 0 ? first! : { anyOf: [first!, ...others] }, nullable)
}

/** The forms that a value may have: the schema itself, or the branches of what it is made of. */
export function formsOf(schema: JsonSchema, root: JsonSchema, depth = 0): JsonSchema[] {
  const here = resolveLocal(schema, root)
  const branches = [here.anyOf, here.oneOf].find(Array.isArray) as JsonSchema[] | undefined
  if (!branches || depth > DEEPEST) return [here]
  const { anyOf: _any, oneOf: _one, ...beside } = here
  return branches.filter(isObject).flatMap((branch) => {
    return formsOf(branch, root, depth + 1).map((form) =>
      Object.keys(beside).some((key) => key in STRUCTURE) ? { allOf: [beside, form] } : form,
    )
  })
}

const DEEPEST = 8
const STRUCTURE = { type: 1, properties: 1, items: 1, allOf: 1, required: 1, additionalProperties: 1 }

/** The parts that all hold of one form. */
export function partsOf(form: JsonSchema, root: JsonSchema, depth = 0): JsonSchema[] {
  const here = resolveLocal(form, root)
  if (!Array.isArray(here.allOf) || depth > DEEPEST) return [here]
  return [here, ...here.allOf.filter(isObject).flatMap((part) => partsOf(part, root, depth + 1))]
}

/** Whether values of a form may be of a type; `number` is not asked for. */
export function mayBe(type: 'object' | 'array' | 'null', parts: readonly JsonSchema[]): boolean {
  return parts.every(({ type: declared }) => declared === undefined || [declared].flat().includes(type))
}

import type { JsonSchema } from '@sluice/contract'

/**
 * What an expression selects, as far as schemas tell. `nothing`: null, unless an answer has what its document does not
 * declare.
 */
export type Selected = SelectedValues | 'nothing'

interface SelectedValues {
  readonly schema: JsonSchema
  /** It is null where it is no value of the schema. */
  readonly nullable: boolean
  /** Lists and objects may be there, but nothing is in them. */
  readonly hollow?: boolean
}

export const ANY: SelectedValues = { schema: {}, nullable: true }

export function selected(schema: JsonSchema, nullable = false): SelectedValues {
  return { schema, nullable }
}

export function orNull(one: Selected): Selected {
  return one === 'nothing' ? one : { ...one, nullable: true }
}

export function notNull(one: Selected): Selected {
  return one === 'nothing' ? one : { ...one, nullable: false }
}

export function isNullable(one: Selected): boolean {
  return one === 'nothing' || one.nullable
}

export function isHollow(one: Selected): boolean {
  return one === 'nothing' || one.hollow === true
}

/** Of what is hollow, each part is. */
export function partOf(whole: Selected, part: Selected): Selected {
  return isHollow(whole) && part !== 'nothing' ? { ...part, hollow: true } : part
}

const FURTHER = ['enum', 'const', 'anyOf', 'oneOf', 'allOf', 'not', 'if', '$ref']

/** The schema of what may be null. Of nothing there is none: what a document does not declare, an answer may have all the same. */
export function schemaOf(one: Selected): JsonSchema {
  if (one === 'nothing') return {}
  const { schema, nullable } = one
  if (!nullable || Object.keys(schema).length === 0) return schema
  if (FURTHER.some((keyword) => keyword in schema)) return { anyOf: [schema, { type: 'null' }] }
  if (typeof schema.type === 'string')
    return { ...schema, type: schema.type === 'null' ? 'null' : [schema.type, 'null'] }
  if (Array.isArray(schema.type) && schema.type.includes('null')) return schema
  return { anyOf: [schema, { type: 'null' }] }
}

/** One of them; null for `nothing`. */
export function union(all: readonly Selected[]): Selected {
  const there = all.filter((one) => one !== 'nothing')
  if (there.length === 0) return 'nothing'
  const hollow = there.every(isHollow)
  if (there.some(({ schema }) => Object.keys(schema).length === 0)) return { ...ANY, hollow }
  const nullable = there.length < all.length || there.some((one) => one.nullable)
  const [first, ...others] = there.map(({ schema }) => schema)
  return { schema: others.length === 0 ? first! : { anyOf: [first!, ...others] }, nullable, hollow }
}

/** One of them; where one of them is `nothing`, no schema holds. */
export function either(all: readonly Selected[]): Selected {
  if (all.every((one) => one === 'nothing')) return 'nothing'
  return union(all.map((one) => (one === 'nothing' ? { ...ANY, hollow: true } : one)))
}

/** A list can be there and be empty, so it is never nothing; what it would hold may be. */
export function listOf(items: Selected, nullable = true): Selected {
  return { schema: { type: 'array', items: schemaOf(items) }, nullable, hollow: isHollow(items) }
}

/** A list without what is null. */
export function listWithoutNull(items: Selected, nullable = true): Selected {
  return listOf(notNull(items), nullable)
}

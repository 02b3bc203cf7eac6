import type { JsonSchema } from '@sluice/contract'
import { isPlain } from '../walk-operations.ts'
import { CLOSED, effectiveSchema, reaches, typesOf } from './effective-schema.ts'
import { generateText } from './generate-text.ts'
import { pick } from './seeded-random.ts'

export interface Wish {
  /** Only what is required, or everything down to a depth. */
  readonly mode: 'minimal' | 'full'
  readonly random: () => number
  /** Holds the `$defs`. */
  readonly root: JsonSchema
  /** What the value shall hold if it can: paths, `*` for the items of a list. The first matters most. */
  readonly toward: readonly Steps[]
  /** How deep `full` goes. */
  readonly deepest: number
  /** How many values may still be made before only what is required is. */
  readonly budget: { left: number }
}

export type Steps = readonly string[]

/** A value for a schema. It is likely to fit; whoever needs that to be sure checks it. */
export function generateValue(schema: unknown, wish: Wish, depth = 0): unknown {
  wish.budget.left--
  const known = effectiveSchema(schema, wish.root, (branches) => chooseBranch(branches, wish))
  const named = Array.isArray(known.enum) ? namedValues(known.enum) : []
  // A branch's constant may be none of the values that stand beside the branches.
  if (known.const !== undefined && (named.length === 0 || named.includes(known.const))) return known.const
  if (named.length > 0) return pick(named, wish.random)
  switch (typeFor(known)) {
    case 'object':
      return objectFor(known, wish, depth)
    case 'array':
      return arrayFor(known, wish, depth)
    case 'integer':
      return numberFor(known, true, wish)
    case 'number':
      return numberFor(known, false, wish)
    case 'boolean':
      return wish.random() < 0.5
    case 'null':
      return null
    default:
      return generateText(known, wish.random)
  }
}

function chooseBranch(branches: readonly unknown[], { toward, root, random }: Wish): unknown {
  const leading = toward.flatMap((steps) => branches.filter((branch) => reaches(branch, steps, root)).slice(0, 1))
  return leading[0] ?? pick(branches, random)
}

/** The same wish for what stands at a step. */
function inside(wish: Wish, step: string): Wish {
  if (wish.toward.length === 0) return wish
  const toward = wish.toward.filter(([first]) => first === step).map((steps) => steps.slice(1))
  return { ...wish, toward: toward.filter((steps) => steps.length > 0) }
}

/** Null says nothing on most wires. */
function namedValues(values: readonly unknown[]): readonly unknown[] {
  const named = values.filter((value) => value !== null && value !== '')
  return named.length > 0 ? named : values
}

function typeFor(schema: JsonSchema): string {
  const [first] = typesOf(schema.type).filter((type) => type !== 'null')
  if (first) return first
  if (typesOf(schema.type).includes('null')) return 'null'
  if (isPlain(schema.properties) || isPlain(schema.additionalProperties) || schema.required) return 'object'
  if (schema.items !== undefined || schema.prefixItems !== undefined) return 'array'
  if (schema.minimum !== undefined || schema.maximum !== undefined) return 'number'
  return 'string'
}

function objectFor(schema: JsonSchema, wish: Wish, depth: number): Record<string, unknown> {
  const properties = openProperties(schema)
  const required = Array.isArray(schema.required) ? (schema.required as string[]) : []
  const isAll = wish.mode === 'full' && depth < wish.deepest && wish.budget.left > 0
  const wanted = new Set(wish.toward.map(([first]) => first!))
  const named = Object.keys(properties).filter((name) => isAll || required.includes(name) || wanted.has(name))
  const names = [...new Set([...named, ...neededBeside([...named, ...required], schema)])]
  const most = typeof schema.maxProperties === 'number' ? schema.maxProperties : Number.POSITIVE_INFINITY
  const value: Record<string, unknown> = Object.create(null)
  for (const name of [...new Set([...required, ...names])].slice(0, most)) {
    if (properties[name] === false || depth > 20) continue
    value[name] = generateValue(properties[name] ?? openMembers(schema) ?? {}, inside(wish, name), depth + 1)
  }
  const least = typeof schema.minProperties === 'number' ? schema.minProperties : 0
  // An object without a member leaves no trace on most wires.
  const isBare = wish.mode === 'full' && Object.keys(properties).length === 0 && schema.additionalProperties !== false
  addMembers(value, properties, schema, Math.min(Math.max(least, isBare ? 1 : 0), most), wish, depth)
  return { ...value }
}

function openProperties(schema: JsonSchema): Readonly<Record<string, unknown>> {
  const properties = isPlain(schema.properties) ? schema.properties : {}
  const allowed = schema[CLOSED]
  if (!Array.isArray(allowed)) return properties
  return Object.fromEntries(Object.entries(properties).filter(([name]) => allowed.includes(name)))
}

/** What must stand beside members that are there (`dependentRequired`). */
function neededBeside(names: readonly string[], { dependentRequired }: JsonSchema): string[] {
  if (!isPlain(dependentRequired)) return []
  return names.flatMap((name) => (Object.hasOwn(dependentRequired, name) ? (dependentRequired[name] as string[]) : []))
}

/** What members may be that have no name of their own; nothing where there may be none, or nothing is said. */
function openMembers(schema: JsonSchema): unknown {
  const { additionalProperties } = schema
  return isPlain(additionalProperties) || additionalProperties === true ? additionalProperties : undefined
}

function addMembers(
  value: Record<string, unknown>,
  properties: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
  wanted: number,
  wish: Wish,
  depth: number,
): void {
  for (const name of Object.keys(properties)) {
    if (Object.keys(value).length >= wanted) return
    value[name] ??= generateValue(properties[name], wish, depth + 1)
  }
  if (schema.additionalProperties === false || depth > 20) return
  for (let index = 1; Object.keys(value).length < wanted; index++)
    value[`key${index}`] = generateValue(openMembers(schema) ?? {}, wish, depth + 1)
}

function arrayFor(schema: JsonSchema, wish: Wish, depth: number): unknown[] {
  const least = typeof schema.minItems === 'number' ? schema.minItems : 0
  const most = typeof schema.maxItems === 'number' ? schema.maxItems : Number.POSITIVE_INFINITY
  const prefix = Array.isArray(schema.prefixItems) ? schema.prefixItems : []
  const wished = wish.mode === 'full' && depth < wish.deepest ? 2 : 1
  const wanted = Math.min(Math.max(least, prefix.length || wished), most)
  const items: unknown[] = []
  // A list that wants different items may need more tries than it has places.
  for (let tries = 0; items.length < wanted && tries < wanted * 8; tries++) {
    const item = generateValue(prefix[items.length] ?? schema.items ?? {}, inside(wish, '*'), depth + 1)
    const isNew = !items.some((known) => JSON.stringify(known) === JSON.stringify(item))
    if (isNew || (schema.uniqueItems !== true && items.length >= 1 && tries > 2)) items.push(item)
    else if (items.length >= least && tries > 6) break
  }
  return items
}

function numberFor(schema: JsonSchema, isInteger: boolean, wish: Wish): number {
  const step = typeof schema.multipleOf === 'number' && schema.multipleOf > 0 ? schema.multipleOf : undefined
  const over = typeof schema.exclusiveMinimum === 'number' ? schema.exclusiveMinimum : undefined
  const under = typeof schema.exclusiveMaximum === 'number' ? schema.exclusiveMaximum : undefined
  const unit = step ?? (isInteger ? 1 : 0.5)
  const least = Math.max(
    numberOr(schema.minimum, Number.NEGATIVE_INFINITY),
    over === undefined ? Number.NEGATIVE_INFINITY : over + unit,
  )
  const most = Math.min(
    numberOr(schema.maximum, Number.POSITIVE_INFINITY),
    under === undefined ? Number.POSITIVE_INFINITY : under - unit,
  )
  const wanted = Math.min(Math.max(1 + Math.floor(wish.random() * 20), least), most)
  if (step === undefined) return isInteger ? Math.min(Math.ceil(wanted), Math.floor(most)) : wanted
  const up = Math.ceil(wanted / step) * step
  return up > most ? Math.floor(most / step) * step : up
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback
}

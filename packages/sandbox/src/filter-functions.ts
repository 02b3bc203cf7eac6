import {
  compareNumbers,
  digitsOf,
  exactNumber,
  type FilterNumber,
  isExact,
  isNumber,
  parseExact,
} from './exact-number.ts'
import { FilterFailure } from './filter-failure.ts'
import { areEqual, type FilterType, typeOf } from './filter-values.ts'

/** An expression as an argument: `&name`. */
export type Reference = (item: unknown) => unknown

/** What an argument may be: a type, or a list of one type throughout. */
type Kind = FilterType | 'expression' | 'array of numbers' | 'array of strings' | 'any'

interface FilterFunction {
  readonly takes: ReadonlyArray<readonly Kind[]>
  /** The last may be given several times. */
  readonly isVariadic?: true
  // Each is given what it takes, which the table says and the types cannot.
  readonly call: (...given: never[]) => unknown
}

const NUMBER: readonly Kind[] = ['number']
const TEXT: readonly Kind[] = ['string']
const LIST: readonly Kind[] = ['array']
const OBJECT: readonly Kind[] = ['object']
const ANY: readonly Kind[] = ['any']
const BY: readonly Kind[] = ['expression']
const NUMBERS: readonly Kind[] = ['array of numbers']
const ORDERED: readonly Kind[] = ['array of numbers', 'array of strings']

type Ordered = FilterNumber | string

/** The functions of the JMESPath specification, "Built-in Functions". */
const FUNCTIONS: Readonly<Record<string, FilterFunction>> = {
  abs: { takes: [NUMBER], call: (number: FilterNumber) => (isExact(number) ? withoutSign(number) : Math.abs(number)) },
  avg: { takes: [NUMBERS], call: (list: FilterNumber[]) => (list.length === 0 ? null : sum(list) / list.length) },
  ceil: { takes: [NUMBER], call: (number: FilterNumber) => rounded(number, Math.ceil) },
  contains: { takes: [['array', 'string'], ANY], call: contains },
  ends_with: { takes: [TEXT, TEXT], call: (text: string, end: string) => text.endsWith(end) },
  floor: { takes: [NUMBER], call: (number: FilterNumber) => rounded(number, Math.floor) },
  join: { takes: [TEXT, ['array of strings']], call: (glue: string, texts: string[]) => texts.join(glue) },
  keys: { takes: [OBJECT], call: (object: object) => Object.keys(object) },
  length: { takes: [['string', 'array', 'object']], call: lengthOf },
  map: { takes: [BY, LIST], call: (by: Reference, list: unknown[]) => list.map(by) },
  max: { takes: [ORDERED], call: (list: Ordered[]) => first(list, (item) => item as Ordered, -1) },
  max_by: { takes: [LIST, BY], call: (list: unknown[], by: Reference) => first(list, keyed('max_by', list, by), -1) },
  merge: { takes: [OBJECT], isVariadic: true, call: (...objects: object[]) => merged(objects) },
  min: { takes: [ORDERED], call: (list: Ordered[]) => first(list, (item) => item as Ordered, 1) },
  min_by: { takes: [LIST, BY], call: (list: unknown[], by: Reference) => first(list, keyed('min_by', list, by), 1) },
  not_null: {
    takes: [ANY],
    isVariadic: true,
    call: (...values: unknown[]) => values.find((one) => one !== null) ?? null,
  },
  reverse: { takes: [['string', 'array']], call: reversed },
  sort: { takes: [ORDERED], call: (list: Ordered[]) => list.toSorted(order) },
  sort_by: { takes: [LIST, BY], call: sortBy },
  starts_with: { takes: [TEXT, TEXT], call: (text: string, start: string) => text.startsWith(start) },
  sum: { takes: [NUMBERS], call: sum },
  to_array: { takes: [ANY], call: (value: unknown) => (Array.isArray(value) ? value : [value]) },
  to_number: { takes: [ANY], call: toNumber },
  to_string: { takes: [ANY], call: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)) },
  type: { takes: [ANY], call: typeOf },
  values: { takes: [OBJECT], call: (object: object) => Object.values(object) },
}

export const FUNCTION_NAMES: ReadonlySet<string> = new Set(Object.keys(FUNCTIONS))

/** @throws FilterFailure where it is given what it does not take */
export function callFunction(name: string, given: readonly unknown[]): unknown {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]! : undefined
  if (!found) throw new FilterFailure(`failed: there is no function ${name}()`)
  const { takes, isVariadic, call } = found
  if (isVariadic ? given.length < takes.length : given.length !== takes.length) {
    const wanted = `${isVariadic ? 'at least ' : ''}${takes.length} argument${takes.length === 1 ? '' : 's'}`
    throw new FilterFailure(`failed: ${name}() takes ${wanted}, and is given ${given.length}`)
  }
  given.forEach((value, index) => {
    const kinds = takes[Math.min(index, takes.length - 1)]!
    if (kinds.some((kind) => isOf(kind, value))) return
    const place = given.length > 1 ? ` as argument ${index + 1}` : ''
    throw new FilterFailure(`failed: ${name}() takes ${kinds.map(told).join(' or ')}${place}, not ${toldOf(value)}`)
  })
  return call(...(given as never[]))
}

function isOf(kind: Kind, value: unknown): boolean {
  if (kind === 'any') return typeof value !== 'function'
  if (kind === 'expression') return typeof value === 'function'
  if (kind === 'array of numbers') return Array.isArray(value) && value.every(isNumber)
  if (kind === 'array of strings') return Array.isArray(value) && value.every((item) => typeof item === 'string')
  return typeof value !== 'function' && typeOf(value) === kind
}

function told(kind: Kind): string {
  if (kind === 'expression') return 'an expression such as `&name`'
  return kind === 'null' || kind === 'any' ? kind : `${/^[aeo]/.test(kind) ? 'an' : 'a'} ${kind}`
}

function toldOf(value: unknown): string {
  if (typeof value === 'function') return 'an expression'
  return Array.isArray(value) ? 'an array of others' : told(typeOf(value))
}

function order(one: Ordered, other: Ordered): number {
  if (typeof one === 'string' || typeof other === 'string') return one < other ? -1 : Number(one > other)
  return compareNumbers(one, other)
}

/** The first of the items that are furthest in one direction: -1 is the most, 1 the least. */
function first<T>(list: readonly T[], keyOf: (item: T, index: number) => Ordered, direction: 1 | -1): T | null {
  if (list.length === 0) return null
  const keys = list.map(keyOf)
  const best = keys.reduce<number>((at, key, index) => (order(key, keys[at]!) * direction < 0 ? index : at), 0)
  return list[best]!
}

/** The keys of the items, which must be comparable. */
function keyed(name: string, list: readonly unknown[], by: Reference): (item: unknown, index: number) => Ordered {
  const keys = list.map(by)
  if (keys.every(isNumber) || keys.every((key) => typeof key === 'string'))
    return (_item, index) => keys[index] as Ordered
  const odd = keys.find((key) => !isNumber(key) && typeof key !== 'string')
  const what = odd === undefined ? 'numbers and strings' : told(typeOf(odd))
  throw new FilterFailure(`failed: ${name}() orders by numbers or by strings, and its expression gives ${what}`)
}

function sortBy(list: readonly unknown[], by: Reference): unknown[] {
  const keyOf = keyed('sort_by', list, by)
  const entries = list.map((item, index) => ({ item, key: keyOf(item, index) }))
  return entries.toSorted((one, other) => order(one.key, other.key)).map(({ item }) => item)
}

function sum(list: readonly FilterNumber[]): number {
  return list.reduce<number>((total, number) => total + Number(number), 0)
}

function withoutSign(number: FilterNumber): unknown {
  return exactNumber(digitsOf(number).replace('-', ''))
}

/** One without a fraction is what it is. */
function rounded(number: FilterNumber, round: (value: number) => number): unknown {
  return isExact(number) && /^-?\d+$/.test(digitsOf(number)) ? number : round(Number(number))
}

function contains(subject: string | readonly unknown[], wanted: unknown): boolean {
  if (typeof subject === 'string') return typeof wanted === 'string' && subject.includes(wanted)
  return subject.some((item) => areEqual(item, wanted))
}

/** Of a text its code points. */
function lengthOf(value: string | object): number {
  return typeof value === 'string' ? [...value].length : Object.keys(value).length
}

function reversed(value: string | readonly unknown[]): unknown {
  return typeof value === 'string' ? [...value].toReversed().join('') : value.toReversed()
}

/** Assigned, a member called `__proto__` would be lost. */
function merged(objects: readonly object[]): object {
  return Object.fromEntries(objects.flatMap((object) => Object.entries(object)))
}

function toNumber(value: unknown): unknown {
  if (isNumber(value)) return value
  return typeof value === 'string' && JSON_NUMBER.test(value) ? parseExact(value) : null
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

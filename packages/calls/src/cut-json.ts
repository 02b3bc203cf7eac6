import { isExactNumber, isRecord, stringifyJson } from '@sluice/schema'
import { countCodePoints } from './code-points.ts'
import { isTable, type Table } from './shape-json.ts'

/** What was left out of a value, and where. */
export interface Missing {
  /** JMESPath into the answer as it was before it was shaped; empty for the whole. */
  readonly path: string
  readonly shown: number
  readonly total: number
  readonly unit: 'items' | 'fields' | 'characters'
}

/**
 * A value of at most `maxBytes` of JSON, cut between values: lists keep their first items, large members give way to small ones.
 * Of one that was shaped, tables are the lists that they stand for.
 */
export function cutJson(
  value: unknown,
  maxBytes: number,
  options: CutOptions = {},
): { readonly value: unknown; readonly missing: Missing[] } {
  const missing: Missing[] = []
  return { value: fit(value, maxBytes, '', { missing, ...options }), missing }
}

export interface CutOptions {
  readonly isShaped?: boolean
  /** Of the outermost object the first members are kept, not the small ones: so the next come next. */
  readonly inOrder?: boolean
}

interface Cut extends CutOptions {
  readonly missing: Missing[]
}

/** A member that would get fewer bytes is left out. */
const LEAST_BYTES = 24

function fit(value: unknown, budget: number, path: string, cut: Cut): unknown {
  if (sizeOf(value, budget) <= budget) return value
  if (Array.isArray(value)) return fitList(value, budget, path, cut)
  if (isRecord(value)) {
    return cut.isShaped && isTable(value) ? fitTable(value, budget, path, cut) : fitObject(value, budget, path, cut)
  }
  return typeof value === 'string' ? fitText(value, budget, path, cut) : fitNumber(value, path, cut)
}

function fitList(items: readonly unknown[], budget: number, path: string, cut: Cut): unknown[] {
  const { kept, left } = firstOf(items, budget - '[]'.length)
  // One item alone may be too large: a part of it says more than none.
  if (kept.length === 0 && left > LEAST_BYTES) kept.push(fit(items[0], left, `${path}[0]`, cut))
  cut.missing.push({ path, shown: kept.length, total: items.length, unit: 'items' })
  return kept
}

function fitTable({ columns, rows }: Table, budget: number, path: string, cut: Cut): Table {
  const { kept, left } = firstOf(rows, budget - sizeOf({ columns, rows: [] }, budget))
  const [first] = rows
  const room = left - columns.length * 'null,'.length
  if (kept.length === 0 && first && room > LEAST_BYTES) {
    const item = fitObject(Object.fromEntries(columns.map((name, at) => [name, first[at]])), room, `${path}[0]`, cut)
    kept.push(columns.map((name) => (Object.hasOwn(item, name) ? (item as Record<string, unknown>)[name] : null)))
  }
  cut.missing.push({ path, shown: kept.length, total: rows.length, unit: 'items' })
  return { columns, rows: kept }
}

/** Those that fit, with their commas. */
function firstOf<T>(items: readonly T[], budget: number): { readonly kept: T[]; readonly left: number } {
  const kept: T[] = []
  let left = budget
  for (const item of items) {
    const size = sizeOf(item, left) + 1
    if (size > left) break
    kept.push(item)
    left -= size
  }
  return { kept, left }
}

function fitObject(object: Record<string, unknown>, budget: number, path: string, cut: Cut): object {
  const entries = Object.entries(object).map(([key, value]) => {
    return { key, value, own: Buffer.byteLength(JSON.stringify(key)) + 2, size: sizeOf(value, budget) }
  })
  const kept = new Map<string, unknown>()
  let left = budget - '{}'.length
  const isInOrder = cut.inOrder && path === ''
  // Small members first: what they do not need of their share is the large ones'.
  const ordered = isInOrder ? entries : entries.toSorted((a, b) => a.size - b.size)
  for (const [at, { key, value, own, size }] of ordered.entries()) {
    const share = (isInOrder ? left : Math.floor(left / (ordered.length - at))) - own
    if (isInOrder && kept.size > 0 && size > share) break
    const isSmall = size <= share || (share < LEAST_BYTES && own + size <= left)
    if (!isSmall && share < LEAST_BYTES) continue
    const part = isSmall ? value : fit(value, share, member(path, key), cut)
    kept.set(key, part)
    left -= own + sizeOf(part, left)
  }
  if (kept.size < entries.length) cut.missing.push({ path, shown: kept.size, total: entries.length, unit: 'fields' })
  return Object.fromEntries(entries.flatMap(({ key }) => (kept.has(key) ? [[key, kept.get(key)]] : [])))
}

/** A number of thousands of digits is none when it is cut. */
function fitNumber(value: unknown, path: string, cut: Cut): null {
  cut.missing.push({ path, shown: 0, total: stringifyJson(value).length, unit: 'characters' })
  return null
}

function member(path: string, key: string): string {
  // What is no plain name is quoted (JMESPath, grammar: identifier).
  const name = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : JSON.stringify(key)
  return path === '' ? name : `${path}.${name}`
}

function fitText(text: string, budget: number, path: string, cut: Cut): string {
  // Each takes a byte at least.
  const characters = [...text.slice(0, budget)]
  let [fits, tooMany] = [0, characters.length]
  while (tooMany - fits > 1) {
    const half = Math.floor((fits + tooMany) / 2)
    if (Buffer.byteLength(JSON.stringify(`${characters.slice(0, half).join('')}…`)) <= budget) fits = half
    else tooMany = half
  }
  cut.missing.push({ path, shown: fits, total: countCodePoints(text), unit: 'characters' })
  return `${characters.slice(0, fits).join('')}…`
}

/**
 * Bytes of JSON; of more than `most` no more is said than that it is more: an answer of megabytes is not measured to cut its first
 * page. Kept by object: what holds a value asks for it again.
 */
function sizeOf(value: unknown, most: number): number {
  if (typeof value === 'string') return Buffer.byteLength(JSON.stringify(value))
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return stringifyJson(value).length
  const known = sizes.get(value)
  if (known !== undefined) return known
  let size = 2
  if (Array.isArray(value)) {
    for (const item of value) {
      size += sizeOf(item, most - size) + 1
      if (size > most) return size
    }
  } else {
    for (const [key, item] of Object.entries(value)) {
      size += Buffer.byteLength(JSON.stringify(key)) + 2
      size += sizeOf(item, most - size)
      if (size > most) return size
    }
  }
  sizes.set(value, size)
  return size
}

const sizes = new WeakMap<object, number>()

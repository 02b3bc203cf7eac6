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
  const { value: part } = fit(value, maxBytes, '', { missing, ...options })
  return { value: part, missing }
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

/** What is left of a value, and the bytes of its JSON, with a comma for each item and member. */
interface Fitted<T = unknown> {
  readonly value: T
  readonly size: number
}

function fit(value: unknown, budget: number, path: string, cut: Cut): Fitted {
  const size = sizeOf(value, budget)
  return size <= budget ? { value, size } : cutDown(value, budget, path, cut)
}

/** Of a value that is known to be too large. */
function cutDown(value: unknown, budget: number, path: string, cut: Cut): Fitted {
  if (Array.isArray(value)) return cutList(value, budget, path, cut)
  if (isRecord(value))
    return cut.isShaped && isTable(value) ? cutTable(value, budget, path, cut) : cutObject(value, budget, path, cut)
  return typeof value === 'string' ? cutText(value, budget, path, cut) : cutNumber(value, path, cut)
}

function cutList(items: readonly unknown[], budget: number, path: string, cut: Cut): Fitted {
  const { kept, size, left } = firstOf(items, budget - '[]'.length)
  const total = { path, total: items.length, unit: 'items' } as const
  // One item alone may be too large: a part of it says more than none.
  if (kept.length === 0 && left > LEAST_BYTES) {
    const first = fit(items[0], left, `${path}[0]`, cut)
    cut.missing.push({ ...total, shown: 1 })
    return { value: [first.value], size: first.size + '[],'.length }
  }
  cut.missing.push({ ...total, shown: kept.length })
  return { value: kept, size: size + '[]'.length }
}

function cutTable({ columns, rows }: Table, budget: number, path: string, cut: Cut): Fitted<Table> {
  const frame = sizeOf({ columns, rows: [] }, budget)
  const { kept, size, left } = firstOf(rows, budget - frame)
  const [first] = rows
  const room = left - columns.length * 'null,'.length
  if (kept.length === 0 && first && room > LEAST_BYTES) {
    const whole = Object.fromEntries(columns.map((name, at) => [name, first[at]]))
    const { value: item } = cutObject(whole, room, `${path}[0]`, cut)
    const row = columns.map((name) => (Object.hasOwn(item, name) ? item[name] : null))
    cut.missing.push({ path, shown: 1, total: rows.length, unit: 'items' })
    return { value: { columns, rows: [row] }, size: frame + sizeOf(row, budget) + 1 }
  }
  cut.missing.push({ path, shown: kept.length, total: rows.length, unit: 'items' })
  return { value: { columns, rows: kept }, size: frame + size }
}

/** Those that fit, with their commas. */
function firstOf<T>(items: readonly T[], budget: number): { kept: T[]; size: number; left: number } {
  let [count, left] = [0, budget]
  for (; count < items.length; count++) {
    const size = sizeOf(items[count], left) + 1
    if (size > left) break
    left -= size
  }
  return { kept: items.slice(0, count), size: budget - left, left }
}

function cutObject(
  object: Record<string, unknown>,
  budget: number,
  path: string,
  cut: Cut,
): Fitted<Record<string, unknown>> {
  const entries = Object.entries(object).map(([key, value]) => {
    return { key, value, own: bytesOfText(key) + ':,'.length, size: sizeOf(value, budget) }
  })
  const kept = new Map<string, unknown>()
  const room = budget - '{}'.length
  let left = room
  const isInOrder = cut.inOrder && path === ''
  // Small members first: what they do not need of their share is the large ones'.
  const ordered = isInOrder ? entries : entries.toSorted((a, b) => a.size - b.size)
  for (const [at, { key, value, own, size }] of ordered.entries()) {
    const share = (isInOrder ? left : Math.floor(left / (ordered.length - at))) - own
    if (isInOrder && kept.size > 0 && size > share) break
    const isSmall = size <= share || (share < LEAST_BYTES && own + size <= left)
    if (!isSmall && share < LEAST_BYTES) continue
    const part = isSmall ? { value, size } : cutDown(value, share, member(path, key), cut)
    kept.set(key, part.value)
    left -= own + part.size
  }
  if (kept.size < entries.length) cut.missing.push({ path, shown: kept.size, total: entries.length, unit: 'fields' })
  const value = Object.fromEntries(entries.flatMap(({ key }) => (kept.has(key) ? [[key, kept.get(key)]] : [])))
  return { value, size: room - left + '{}'.length }
}

/** A number of thousands of digits is none when it is cut. */
function cutNumber(value: unknown, path: string, cut: Cut): Fitted<null> {
  cut.missing.push({ path, shown: 0, total: stringifyJson(value).length, unit: 'characters' })
  return { value: null, size: 'null'.length }
}

function member(path: string, key: string): string {
  // What is no plain name is quoted (JMESPath, grammar: identifier).
  const name = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : JSON.stringify(key)
  return path === '' ? name : `${path}.${name}`
}

function cutText(text: string, budget: number, path: string, cut: Cut): Fitted<string> {
  // Each takes a byte at least.
  const characters = [...text.slice(0, budget)]
  let [fits, tooMany] = [0, characters.length]
  while (tooMany - fits > 1) {
    const half = Math.floor((fits + tooMany) / 2)
    if (bytesOfText(`${characters.slice(0, half).join('')}…`) <= budget) fits = half
    else tooMany = half
  }
  cut.missing.push({ path, shown: fits, total: countCodePoints(text), unit: 'characters' })
  const value = `${characters.slice(0, fits).join('')}…`
  return { value, size: bytesOfText(value) }
}

/** Bytes of JSON; of more than `most` no more is said than that it is more: an answer of megabytes is not measured to cut its first page. */
function sizeOf(value: unknown, most: number): number {
  if (typeof value === 'string') return bytesOfText(value)
  if (typeof value === 'number') return String(value).length
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return stringifyJson(value).length
  let size = '{}'.length
  if (Array.isArray(value)) {
    for (const item of value) {
      size += sizeOf(item, most - size) + 1
      if (size > most) return size
    }
    return size
  }
  for (const key in value) {
    size += bytesOfText(key) + ':,'.length + sizeOf((value as Record<string, unknown>)[key], most - size)
    if (size > most) return size
  }
  return size
}

/** Most texts are as long as they look, which is told in a tenth of the time that writing them takes. */
function bytesOfText(text: string): number {
  return PLAIN.test(text) ? text.length + '""'.length : Buffer.byteLength(JSON.stringify(text))
}

/** No character of these is escaped or takes more than a byte. */
const PLAIN = /^[ !#-[\]-~]*$/

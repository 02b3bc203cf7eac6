import { isExactNumber, isRecord, stringifyJson } from '@sluice/schema'

/** What was left out of a value, and where. */
export interface Missing {
  /** Dotted, as JMESPath has it; empty for the whole. */
  readonly path: string
  readonly shown: number
  readonly total: number
  readonly unit: 'items' | 'fields' | 'characters'
}

/** A value of at most `maxBytes` of JSON, cut between values: lists keep their first items, large members give way to small ones. */
export function cutJson(value: unknown, maxBytes: number): { readonly value: unknown; readonly missing: Missing[] } {
  const missing: Missing[] = []
  return { value: fit(value, maxBytes, '', missing), missing }
}

/** A member that would get fewer bytes is left out. */
const LEAST_BYTES = 24

function fit(value: unknown, budget: number, path: string, missing: Missing[]): unknown {
  if (sizeOf(value) <= budget) return value
  if (Array.isArray(value)) return fitList(value, budget, path, missing)
  if (isRecord(value)) return fitObject(value, budget, path, missing)
  return typeof value === 'string' ? fitText(value, budget, path, missing) : value
}

function fitList(items: readonly unknown[], budget: number, path: string, missing: Missing[]): unknown[] {
  const kept: unknown[] = []
  let left = budget - '[]'.length
  for (const item of items) {
    const size = sizeOf(item) + 1
    if (size > left) break
    kept.push(item)
    left -= size
  }
  // One item alone may be too large: a part of it says more than none.
  if (kept.length === 0 && left > LEAST_BYTES) kept.push(fit(items[0], left, `${path}[0]`, missing))
  missing.push({ path, shown: kept.length, total: items.length, unit: 'items' })
  return kept
}

function fitObject(object: Record<string, unknown>, budget: number, path: string, missing: Missing[]): object {
  const entries = Object.entries(object).map(([key, value]) => ({ key, value, own: JSON.stringify(key).length + 2 }))
  const kept = new Map<string, unknown>()
  let left = budget - '{}'.length
  // Small members first: what they do not need of their share is the large ones'.
  const bySize = entries.toSorted((a, b) => sizeOf(a.value) - sizeOf(b.value))
  for (const [at, { key, value, own }] of bySize.entries()) {
    const share = Math.floor(left / (bySize.length - at)) - own
    const isSmall = sizeOf(value) <= share || (share < LEAST_BYTES && own + sizeOf(value) <= left)
    if (!isSmall && share < LEAST_BYTES) continue
    const part = isSmall ? value : fit(value, share, path === '' ? key : `${path}.${key}`, missing)
    kept.set(key, part)
    left -= own + sizeOf(part)
  }
  if (kept.size < entries.length) missing.push({ path, shown: kept.size, total: entries.length, unit: 'fields' })
  return Object.fromEntries(entries.flatMap(({ key }) => (kept.has(key) ? [[key, kept.get(key)]] : [])))
}

function fitText(text: string, budget: number, path: string, missing: Missing[]): string {
  const characters = [...text]
  let [fits, tooMany] = [0, characters.length]
  while (tooMany - fits > 1) {
    const half = Math.floor((fits + tooMany) / 2)
    if (Buffer.byteLength(JSON.stringify(`${characters.slice(0, half).join('')}…`)) <= budget) fits = half
    else tooMany = half
  }
  missing.push({ path, shown: fits, total: characters.length, unit: 'characters' })
  return `${characters.slice(0, fits).join('')}…`
}

/** Bytes of JSON. Kept by object: what holds a value asks for it again. */
function sizeOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || isExactNumber(value))
    return Buffer.byteLength(stringifyJson(value))
  const known = sizes.get(value)
  if (known !== undefined) return known
  const size = Array.isArray(value)
    ? value.reduce<number>((sum, item) => sum + sizeOf(item) + 1, 2)
    : Object.entries(value).reduce(
        (sum, [key, item]) => sum + Buffer.byteLength(JSON.stringify(key)) + 2 + sizeOf(item),
        2,
      )
  sizes.set(value, size)
  return size
}

const sizes = new WeakMap<object, number>()

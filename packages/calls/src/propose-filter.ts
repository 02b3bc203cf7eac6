import { LIMITS } from '@sluice/contract'
import { isExactNumber, isRecord, stringifyJson } from '@sluice/schema'

/** A field of an answer: names joined by dots, `[]` after one that is a list. */
export interface AnswerField {
  readonly path: string
  /** Of all its values in the answer, with its name. */
  readonly bytes: number
  readonly kept: boolean
}

export interface FilterProposal {
  /** A JMESPath expression; null where nothing would be left out, or nothing kept. */
  readonly filter: string | null
  /** The heaviest first. */
  readonly fields: readonly AnswerField[]
}

/**
 * Proposes a response filter that keeps some fields of an answer: those that are named, or else those that say what a thing
 * is and how it stands, not where else to read of it. Anything that is left out is told: a curator decides.
 */
export function proposeFilter(answer: unknown, named?: readonly string[]): FilterProposal {
  const leaves = leavesOf(answer)
  const chosen = named ? leaves.filter(({ path }) => named.some((one) => isWithin(path, one))) : worthKeeping(leaves)
  const kept = withinLimit(chosen, answer)
  const fields = leaves
    .map((leaf) => ({ path: leaf.path, bytes: leaf.bytes, kept: kept.includes(leaf) }))
    .toSorted((a, b) => b.bytes - a.bytes)
  const isAll = kept.length === leaves.length
  return {
    filter: isAll || kept.length === 0 ? null : expressionOf(answer, new Set(kept.map(({ path }) => path)), ''),
    fields,
  }
}

interface Leaf {
  readonly path: string
  readonly name: string
  bytes: number
  count: number
  sample: unknown
}

function leavesOf(answer: unknown): Leaf[] {
  const leaves = new Map<string, Leaf>()
  const visit = (value: unknown, path: string, name: string): void => {
    if (Array.isArray(value) && value.some(isRecord)) for (const item of value) visit(item, `${path}[]`, name)
    else if (isRecord(value) && Object.keys(value).length > 0)
      for (const [key, item] of Object.entries(value)) visit(item, path === '' ? key : `${path}.${key}`, key)
    else {
      const leaf = leaves.get(path) ?? { path, name, bytes: 0, count: 0, sample: value }
      leaf.bytes += Buffer.byteLength(stringifyJson(value)) + name.length + 4
      leaf.count++
      leaf.sample ??= value
      leaves.set(path, leaf)
    }
  }
  visit(answer, '', '')
  return [...leaves.values()]
}

function isWithin(path: string, named: string): boolean {
  const plain = path.replaceAll('[]', '')
  const wanted = named.replaceAll('[]', '')
  return plain === wanted || plain.startsWith(`${wanted}.`)
}

const ELSEWHERE =
  /(^|_)(urls?|uri|href|links?|self|avatar|gravatar|icon|image|thumbnail|hash|etag|node_id|checksum|signature|token|cursor)s?$|Ur[il]s?$|^_/i
const LONGEST = 200

/** Short values that are there; of a text, what a person would put into a table. */
function worthKeeping(leaves: readonly Leaf[]): Leaf[] {
  return leaves.filter(({ name, sample, bytes, count }) => {
    const isEmpty =
      sample === null ||
      sample === undefined ||
      sample === '' ||
      (typeof sample === 'object' && !isExactNumber(sample) && Object.keys(sample).length === 0)
    const isAddress = typeof sample === 'string' && /^(https?:\/\/|data:)/.test(sample)
    return !isEmpty && !isAddress && !ELSEWHERE.test(name) && bytes / count <= LONGEST
  })
}

/** As many as an expression may hold, near ones first. */
function withinLimit(leaves: readonly Leaf[], answer: unknown): Leaf[] {
  const byDepth = leaves.toSorted((a, b) => a.path.split('.').length - b.path.split('.').length)
  let most = byDepth.length
  while (most > 0) {
    const kept = byDepth.slice(0, most)
    if (expressionOf(answer, new Set(kept.map(({ path }) => path)), '').length <= LIMITS.filterChars)
      return leaves.filter((leaf) => kept.includes(leaf))
    most = Math.floor(most * 0.8)
  }
  return []
}

/** JMESPath of the kept leaves below a value; its place is `path`. */
function expressionOf(value: unknown, kept: ReadonlySet<string>, path: string): string {
  if (Array.isArray(value) && value.some(isRecord)) {
    const inner = expressionOf(merged(value), kept, `${path}[]`)
    return inner === '@' ? '[]' : `[].${inner}`
  }
  if (!isRecord(value)) return '@'
  const members = Object.entries(value).flatMap(([key, item]) => {
    const at = path === '' ? key : `${path}.${key}`
    const name = /^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key)
    if (kept.has(at)) return [`${name}: ${name}`]
    if (![...kept].some((one) => one.startsWith(`${at}.`) || one.startsWith(`${at}[]`))) return []
    const inner = expressionOf(item, kept, at)
    return [`${name}: ${name}${inner.startsWith('[') ? '' : '.'}${inner}`]
  })
  return `{${members.join(', ')}}`
}

/** One object with the members of all items: each may have others. */
function merged(items: readonly unknown[]): Record<string, unknown> {
  const all: Record<string, unknown> = Object.create(null)
  for (const item of items.filter(isRecord))
    for (const [key, value] of Object.entries(item)) all[key] = richer(all[key], value)
  return all
}

function richer(before: unknown, value: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(value)) return [...before, ...value]
  if (isRecord(before) && isRecord(value)) return merged([before, value])
  return typeof before === 'object' && before !== null ? before : value
}

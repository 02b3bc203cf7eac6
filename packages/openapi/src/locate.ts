import type { Diagnostic } from '@sluice/contract'
import {
  EVENT_ALIAS,
  EVENT_DOCUMENT,
  EVENT_MAPPING,
  EVENT_POP,
  EVENT_SCALAR,
  EVENT_SEQUENCE,
  getScalarValue,
  parseEvents,
} from 'js-yaml'
import { pointerTo, pointerTokens } from './json-pointer.ts'
import { withoutComments } from './json-text.ts'
import { lenientOffsets } from './lenient-offsets.ts'
import { MOST_LENIENT_CHARS } from './read-spec.ts'

/** Adds line and column to diagnostics, in a second pass over the received text; JSON is read as YAML's flow form. */
export function locate(text: string, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  if (diagnostics.length === 0) return []
  const wanted = new Set(diagnostics.flatMap(({ pointer }) => ancestors(pointer)))
  const events = eventsOf(/^\s*[{/]/.test(text) ? withoutComments(text) : text)
  const isShort = text.length <= MOST_LENIENT_CHARS
  const offsets = events ? offsetsOf(text, events, wanted) : isShort ? lenientOffsets(text, wanted) : new Map()
  const lines = lineStarts(text)
  return diagnostics.map((diagnostic) => {
    const known = ancestors(diagnostic.pointer).find((pointer) => offsets.has(pointer))
    return known === undefined ? diagnostic : { ...diagnostic, ...placeOf(offsets.get(known)!, lines) }
  })
}

/** A pointer and those above it, nearest first: what was assumed to be there may be missing. */
function ancestors(pointer: string): string[] {
  const tokens = pointerTokens(pointer)
  return tokens.map((_token, index) => pointerTo('', ...tokens.slice(0, tokens.length - index)))
}

interface Open {
  readonly pointer: string
  readonly isMapping: boolean
  /** The key that waits for its value, in a mapping. */
  key: string | undefined
  index: number
}

/** Where the values of the wanted pointers begin; a value in a mapping begins at its key. */
function offsetsOf(text: string, events: Events, wanted: ReadonlySet<string>): Map<string, number> {
  const offsets = new Map<string, number>()
  const stack: Open[] = []
  let keyStart = 0
  for (const event of events) {
    if (event.type === EVENT_DOCUMENT) continue
    if (event.type === EVENT_POP) {
      stack.pop()
      continue
    }
    const parent = stack.at(-1)
    if (event.type === EVENT_SCALAR && parent?.isMapping && parent.key === undefined) {
      parent.key = getScalarValue(text, event)
      // The place of a quoted key is its quote.
      keyStart = event.valueStart - (/["']/.test(text[event.valueStart - 1] ?? '') ? 1 : 0)
      continue
    }
    const start = startOf(event)
    const pointer = nextPointer(parent)
    if (wanted.has(pointer)) offsets.set(pointer, parent?.isMapping ? keyStart : start)
    if (event.type === EVENT_MAPPING || event.type === EVENT_SEQUENCE) {
      stack.push({ pointer, isMapping: event.type === EVENT_MAPPING, key: undefined, index: 0 })
    }
  }
  return offsets
}

type Events = ReturnType<typeof parseEvents>

function eventsOf(text: string): Events | undefined {
  try {
    return parseEvents(text, { maxDepth: 2_000 })
  } catch {
    return undefined
  }
}

function startOf(event: Events[number]): number {
  if (event.type === EVENT_SCALAR) return event.valueStart
  if (event.type === EVENT_ALIAS) return event.anchorStart
  return 'start' in event ? event.start : 0
}

function nextPointer(parent: Open | undefined): string {
  if (!parent) return ''
  if (!parent.isMapping) return pointerTo(parent.pointer, parent.index++)
  const pointer = pointerTo(parent.pointer, parent.key ?? '')
  parent.key = undefined
  return pointer
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function placeOf(offset: number, lines: readonly number[]): { line: number; column: number } {
  let low = 0
  let high = lines.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (lines[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - lines[low]! + 1 }
}

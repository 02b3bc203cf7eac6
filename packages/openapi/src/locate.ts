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
import { findInJson } from './find-in-json.ts'
import { findLeniently } from './find-leniently.ts'
import { withoutComments } from './json-text.ts'
import { MOST_LENIENT_CHARS } from './read-spec.ts'
import type { YamlEvents } from './read-yaml.ts'
import { nearestOffset, type WantedPlaces, wantedPlaces } from './wanted-places.ts'

/**
 * Adds line and column to diagnostics. Of a text whose `known` events were not kept, in a second pass over it; what is nearly JSON
 * is read as YAML's flow form.
 */
export function locate(text: string, diagnostics: readonly Diagnostic[], known?: YamlEvents): Diagnostic[] {
  if (diagnostics.length === 0) return []
  const wanted = wantedPlaces(diagnostics.map(({ pointer }) => pointer))
  findAll(text, wanted, known)
  const lines = lineStarts(text)
  return diagnostics.map((diagnostic) => {
    const offset = nearestOffset(wanted, diagnostic.pointer)
    return offset === undefined ? diagnostic : { ...diagnostic, ...placeOf(offset, lines) }
  })
}

function findAll(text: string, wanted: WantedPlaces, known: YamlEvents | undefined): void {
  const isLikeJson = /^\s*[{/]/.test(text)
  if (!known && isLikeJson && findInJson(text, wanted)) return
  const events = known ?? eventsOf(isLikeJson ? withoutComments(text) : text)
  if (events) findPlaces(text, events, wanted)
  else if (text.length <= MOST_LENIENT_CHARS) findLeniently(text, wanted)
}

function eventsOf(text: string): YamlEvents | undefined {
  try {
    return parseEvents(text, { maxDepth: 2_000 })
  } catch {
    return undefined
  }
}

interface Open {
  /** What is wanted in here: most of a document leads nowhere. */
  readonly wanted: WantedPlaces | undefined
  readonly isMapping: boolean
  /** In a mapping, its key was there, and its value comes now. */
  hasKey: boolean
  /** Where it is a scalar, and something is wanted in here. */
  key: string | undefined
  index: number
}

function findPlaces(text: string, events: YamlEvents, root: WantedPlaces): void {
  const stack: Open[] = []
  let keyStart = 0
  for (const event of events) {
    if (event.type === EVENT_DOCUMENT) continue
    if (event.type === EVENT_POP) {
      stack.pop()
      continue
    }
    const parent = stack.at(-1)
    const start = startOf(event)
    const isKey = parent?.isMapping === true && !parent.hasKey
    if (isKey) {
      parent.hasKey = true
      parent.key = event.type === EVENT_SCALAR && parent.wanted ? getScalarValue(text, event) : undefined
      // The place of a quoted key is its quote.
      keyStart = start - (/["']/.test(text[start - 1] ?? '') ? 1 : 0)
    }
    const wanted = isKey ? undefined : parent ? nextIn(parent) : root
    if (wanted) wanted.offset = parent?.isMapping ? keyStart : start
    if (event.type === EVENT_MAPPING || event.type === EVENT_SEQUENCE) {
      stack.push({ wanted, isMapping: event.type === EVENT_MAPPING, hasKey: false, key: undefined, index: 0 })
    }
  }
}

/** What is wanted of the value that comes now. */
function nextIn(parent: Open): WantedPlaces | undefined {
  const token = parent.isMapping ? parent.key : String(parent.index++)
  parent.hasKey = false
  return token === undefined ? undefined : parent.wanted?.below.get(token)
}

function startOf(event: YamlEvents[number]): number {
  if (event.type === EVENT_SCALAR) return event.valueStart
  if (event.type === EVENT_ALIAS) return event.anchorStart
  return 'start' in event ? event.start : 0
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

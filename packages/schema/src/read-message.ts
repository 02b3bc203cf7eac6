import { isExactNumber, parseJson } from './exact-json.ts'
import { COLON, endOfText, LIST, LIST_END, OBJECT, OBJECT_END, QUOTE } from './json-text.ts'

/** Text that is not one strict JSON value. `offset` counts UTF-16 units from the start. */
export class JsonFault extends Error {
  /** `syntax`: no JSON at all; `structure`: JSON that is refused all the same. */
  readonly kind: 'syntax' | 'structure'
  readonly offset: number

  constructor(kind: 'syntax' | 'structure', message: string, offset: number) {
    super(message)
    this.name = 'JsonFault'
    this.kind = kind
    this.offset = offset
  }
}

/**
 * Reads a message that decides something: duplicate keys are refused, since two readers would take different ones (S21),
 * and so is nesting deeper than `maxDepth`.
 * @throws JsonFault
 */
export function readMessage(text: string, maxDepth: number): unknown {
  let value: unknown
  try {
    value = parseJson(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new JsonFault('syntax', message, Number(/position (\d+)/.exec(message)?.[1] ?? 0))
  }
  // Nearly all messages are fine, which is told in a fraction of the time that it takes to say where one is not.
  const keys = countKeys(text, maxDepth)
  if (keys === undefined || keys !== keysOf(value)) checkStructure(text, maxDepth)
  return value
}

/** How many keys stand in a text that is known to be JSON: more than its value has where one stands twice. Nothing where it is too deep. */
function countKeys(text: string, maxDepth: number): number | undefined {
  let [keys, depth] = [0, 0]
  for (let index = 0; index < text.length; index++) {
    const char = text.charCodeAt(index)
    // What follows a string is looked at next, and a colon stands nowhere else.
    if (char === QUOTE) index = endOfText(text, index) - 1
    else if (char === COLON) keys++
    else if (char === OBJECT || char === LIST) {
      if (++depth > maxDepth) return undefined
    } else if (char === OBJECT_END || char === LIST_END) depth--
  }
  return keys
}

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return 0
  let keys = 0
  if (Array.isArray(value)) {
    for (const item of value) keys += keysOf(item)
    return keys
  }
  for (const key in value) keys += 1 + keysOf((value as Record<string, unknown>)[key])
  return keys
}

/** Walks text that is known to be JSON. Strings are the only tokens that need care; the rest is brackets. */
function checkStructure(text: string, maxDepth: number): void {
  const open: Array<Set<string> | null> = []
  let index = 0
  while (index < text.length) {
    const char = text.charCodeAt(index)
    if (char === QUOTE) {
      const end = endOfText(text, index)
      if (isKey(text, end)) remember(text.slice(index, end), open.at(-1), index)
      index = end
      continue
    }
    if (char === OBJECT || char === LIST) {
      open.push(char === OBJECT ? new Set() : null)
      if (open.length > maxDepth)
        throw new JsonFault('structure', `The message is nested deeper than ${maxDepth} levels`, index)
    } else if (char === OBJECT_END || char === LIST_END) {
      open.pop()
    }
    index++
  }
}

function isKey(text: string, afterString: number): boolean {
  let index = afterString
  while (text.charCodeAt(index) <= 0x20) index++
  return text.charCodeAt(index) === COLON
}

function remember(quoted: string, keys: Set<string> | null | undefined, offset: number): void {
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
  if (keys?.has(key)) throw new JsonFault('structure', `The key "${key}" stands twice in one object`, offset)
  keys?.add(key)
}

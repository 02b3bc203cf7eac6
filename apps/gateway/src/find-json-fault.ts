import { pointerTo } from '@sluice/openapi'

/** Where a text stops being JSON, and what would have to stand there. */
export interface JsonTextFault {
  readonly line: number
  readonly column: number
  /** JSON pointer to the value that cannot be read. */
  readonly pointer: string
  readonly detail: string
  readonly fix: string
}

/** The first fault of a text that a parser refused (RFC 8259); undefined where it is JSON. Takes any depth. */
export function findJsonFault(text: string): JsonTextFault | undefined {
  const open: Frame[] = []
  let wants: Wants = 'value'
  let offset = 0
  for (;;) {
    while (/[ \t\r\n]/.test(text.charAt(offset))) offset++
    if (wants === 'end' && offset === text.length) return undefined
    const read: Step | undefined = step(text, offset, wants, open)
    if (!read) return faultAt(text, offset, wants, open)
    wants = read.wants
    offset = read.offset
  }
}

interface Frame {
  readonly isObject: boolean
  key: string | number
}

/** What may come next; `first` is a value or the end of its list, `key` a name or, in an empty object, its end. */
type Wants = 'value' | 'first' | 'firstKey' | 'key' | 'colon' | 'next' | 'end'

interface Step {
  readonly wants: Wants
  readonly offset: number
}

function step(text: string, offset: number, wants: Wants, open: Frame[]): Step | undefined {
  const char = text.charAt(offset)
  const top = open.at(-1)
  if (char === '') return undefined
  if (wants === 'colon') return char === ':' ? { wants: 'value', offset: offset + 1 } : undefined
  if (wants === 'next') return next(char, offset, open)
  if ((wants === 'first' && char === ']') || (wants === 'firstKey' && char === '}')) return close(offset, open)
  if (wants === 'key' || wants === 'firstKey') {
    const end = endOfString(text, offset)
    if (end === undefined) return undefined
    top!.key = JSON.parse(text.slice(offset, end)) as string
    return { wants: 'colon', offset: end }
  }
  return wants === 'end' ? undefined : valueAt(text, offset, open)
}

function next(char: string, offset: number, open: Frame[]): Step | undefined {
  const top = open.at(-1)!
  if (char === (top.isObject ? '}' : ']')) return close(offset, open)
  if (char !== ',') return undefined
  if (typeof top.key === 'number') top.key++
  return { wants: top.isObject ? 'key' : 'value', offset: offset + 1 }
}

function close(offset: number, open: Frame[]): Step {
  open.pop()
  return { wants: open.length > 0 ? 'next' : 'end', offset: offset + 1 }
}

const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

function valueAt(text: string, offset: number, open: Frame[]): Step | undefined {
  const char = text.charAt(offset)
  if (char === '{' || char === '[') {
    open.push({ isObject: char === '{', key: 0 })
    return { wants: char === '{' ? 'firstKey' : 'first', offset: offset + 1 }
  }
  LITERAL.lastIndex = offset
  const end = char === '"' ? endOfString(text, offset) : LITERAL.test(text) ? LITERAL.lastIndex : undefined
  return end === undefined ? undefined : { wants: open.length > 0 ? 'next' : 'end', offset: end }
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

function endOfString(text: string, start: number): number | undefined {
  if (text.charAt(start) !== '"') return undefined
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === 0x22) return index + 1
    if (code < 0x20) return undefined
    if (code !== 0x5c) continue
    ESCAPE.lastIndex = index
    if (!ESCAPE.test(text)) return undefined
    index = ESCAPE.lastIndex - 1
  }
  return undefined
}

/** Of a pointer. */
const MOST_CHARS = 200

const WANTED: Readonly<Record<Wants, string>> = {
  value: 'a value',
  first: 'a value or ]',
  key: 'a name in double quotes',
  firstKey: 'a name in double quotes or }',
  colon: 'a colon',
  next: 'a comma or the end of the list or object',
  end: 'nothing more',
}

function faultAt(text: string, offset: number, wants: Wants, open: readonly Frame[]): JsonTextFault {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  const column = offset - before.lastIndexOf('\n')
  const char = text.charAt(offset)
  const found =
    char === ''
      ? 'the text ends'
      : char === '"'
        ? 'a string begins that does not end well'
        : `${JSON.stringify(char)} stands`
  // An object whose next name is not read yet is itself what cannot be read.
  const named = wants === 'key' || wants === 'firstKey' ? open.slice(0, -1) : open
  const pointer = pointerTo('', ...named.slice(0, MOST_CHARS).map(({ key }) => key))
  return {
    line,
    column,
    pointer: pointer.slice(0, MOST_CHARS),
    detail: `Line ${line}, column ${column}: ${found} where ${WANTED[wants]} is wanted.`,
    fix: fixOf(char, wants),
  }
}

function fixOf(char: string, wants: Wants): string {
  if (char === '') return 'It is cut short: send all of it.'
  if ((wants === 'key' && char === '}') || (wants === 'value' && char === ']')) return 'Remove the comma before it.'
  if (char === "'" || wants === 'key' || wants === 'firstKey') return 'Put names and texts into double quotes.'
  if (char === '"' && wants !== 'next')
    return 'End the string, and escape line breaks (\\n) and backslashes (\\\\) within it.'
  if (wants === 'end') return 'Send one JSON value alone.'
  if (wants === 'next') return 'Put a comma between two values, and close what was opened.'
  return 'Send JSON (RFC 8259): texts in double quotes, numbers, true, false, null, lists and objects.'
}

import { isJson } from './is-json.ts'

interface Redacting {
  /** Of one JSON text. */
  readonly json: (text: string) => string
  /** Of a text that is none. */
  readonly clean: (text: string) => string
  /** Whether fields are to be taken out, which only JSON has. */
  readonly fields: boolean
}

/**
 * A text that may be JSON under another name, or hold JSON in its lines: records, or the data of events. Nothing where fields are
 * to be taken out of what has none.
 */
export function redactText(text: string, redacting: Redacting): string | undefined {
  if (isJson(text)) return redacting.json(text)
  const lines: string[] = []
  for (const line of text.split('\n')) {
    const redacted = redactLine(line, redacting)
    if (redacted === undefined) return undefined
    lines.push(redacted)
  }
  return lines.join('\n')
}

/** A field of an event, and what it says (WHATWG HTML 9.2.6); a record may begin with U+001E (RFC 7464 2.1). */
const LINE_START = /^(?:(?:data|event|id|retry)?: ?|\x1e)/

function redactLine(line: string, { json, clean, fields }: Redacting): string | undefined {
  const start = LINE_START.exec(line)?.[0] ?? ''
  const [said, end] = line.endsWith('\r') ? [line.slice(start.length, -1), '\r'] : [line.slice(start.length), '']
  if (isJson(said)) return `${start}${json(said)}${end}`
  const isData = start === '' || start === '\x1e' || start.startsWith('data')
  if (fields && isData && said.trim() !== '') return undefined
  return `${start}${cleanEscaped(said, clean)}${end}`
}

const ESCAPED = /\\u([0-9a-f]{4})|\\([/"\\])/gi

/** Broken JSON may spell what is looked for in escapes. */
function cleanEscaped(text: string, clean: (text: string) => string): string {
  const cleaned = clean(text)
  const plain = cleaned.replaceAll(ESCAPED, (_whole, code: string | undefined, own: string) =>
    code === undefined ? own : String.fromCharCode(Number.parseInt(code, 16)),
  )
  const cleanedPlain = clean(plain)
  return cleanedPlain === plain ? cleaned : cleanedPlain
}

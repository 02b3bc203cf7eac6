import { CallFailure } from '@sluice/contract'

/** A file that a model sent. */
interface ReadFile {
  readonly bytes: Uint8Array
  readonly filename?: string
  readonly contentType?: string
}

/**
 * A file given as base64, as a data URL (RFC 2397) or as `{filename, contentType, data}`.
 * @throws CallFailure of kind `arguments`
 */
export function readFile(value: unknown, argument: string): ReadFile {
  if (typeof value === 'string') return fromText(value, argument)
  if (typeof value === 'object' && value !== null && 'data' in value && typeof value.data === 'string') {
    const file = fromText(value.data, argument)
    const { filename, contentType } = value as { filename?: unknown; contentType?: unknown }
    return {
      ...file,
      ...(typeof filename === 'string' ? { filename } : {}),
      ...(typeof contentType === 'string' ? { contentType } : {}),
    }
  }
  throw notAFile(argument)
}

function fromText(text: string, argument: string): ReadFile {
  const dataUrl = /^data:([^,]*),(.*)$/is.exec(text)
  if (!dataUrl) return { bytes: base64(text, argument) }
  const [, said = '', data = ''] = dataUrl
  const contentType = said.replace(/\s*;\s*base64\s*$/i, '').trim()
  const bytes = percentDecoded(data, argument)
  return {
    bytes: contentType === said.trim() ? bytes : base64(bytes.toString('latin1'), argument),
    // RFC 2397 2: parameters alone are those of a plain text.
    ...(contentType ? { contentType: contentType.startsWith(';') ? `text/plain${contentType}` : contentType } : {}),
  }
}

/** The bytes that a data URL holds: they need not be UTF-8. */
function percentDecoded(data: string, argument: string): Buffer {
  if (!data.includes('%')) return Buffer.from(data)
  if (/%(?![0-9a-f]{2})/i.test(data)) throw notAFile(argument)
  const parts = data.split(/((?:%[0-9a-f]{2})+)/i)
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.from(part.replaceAll('%', ''), 'hex') : Buffer.from(part))),
  )
}

/**
 * Only what an encoder writes (RFC 4648 3.5): most plain texts, which some models give, could be read as base64 too, as bytes that nobody
 * meant. Lines may be broken (RFC 2045 6.8).
 */
function base64(text: string, argument: string): Uint8Array {
  const compact = text.trim().replaceAll(/[ \t]*[\r\n]+[ \t]*/g, '')
  const [, digits] = /^([A-Za-z0-9+/_-]*)={0,2}$/.exec(compact) ?? []
  if (digits === undefined || !LAST_DIGIT[digits.length % 4]!.test(digits)) throw notAFile(argument)
  return Buffer.from(digits, 'base64')
}

/** Whether the bits that the last digit has beyond the last byte are zero, by how many digits there are beyond fours. */
const LAST_DIGIT = [/(?:)/, /^$/, /[AQgw]$/, /[AEIMQUYcgkosw048]$/]

function notAFile(argument: string): CallFailure {
  return new CallFailure(
    'arguments',
    `${argument} is a file: give its bytes as base64 or as a data URL, such as data:text/plain,some%20text. Nothing was sent.`,
  )
}

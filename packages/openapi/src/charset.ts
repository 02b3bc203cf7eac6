import type { EncodedBody } from './encoded-body.ts'

/**
 * A text in the charset that its media type declares (RFC 9110 8.3.2); in UTF-8, and declared so, where that cannot hold it or is
 * one that cannot be written here.
 */
export function inCharset(contentType: string, text: string): EncodedBody {
  const charset = charsetOf(contentType)
  // What is ASCII is the same in nearly all of them, and as a text it can be looked at still.
  const isSame = charset === undefined || (!/^utf/i.test(charset) && /^[\u0000-\u007F]*$/.test(text))
  if (isSame) return { contentType, data: text }
  const bytes = bytesIn(charset.toLowerCase(), text)
  if (bytes) return { contentType, data: bytes }
  return { contentType: contentType.replace(CHARSET, '; charset=utf-8'), data: text }
}

/** A form, whose values are percent-encoded as UTF-8 whatever its type declares (WHATWG URL 5.2). */
export function formIn(contentType: string, form: string): EncodedBody {
  const isAscii = !/%[89A-F]/i.test(form)
  return { contentType: isAscii ? contentType : contentType.replace(CHARSET, '; charset=utf-8'), data: form }
}

/** The charset that a media type declares, where it is another than UTF-8. */
export function charsetOf(contentType: string): string | undefined {
  const [, quoted, plain] = CHARSET.exec(contentType) ?? []
  const charset = quoted ?? plain
  return charset === undefined || /^utf-?8$/i.test(charset) ? undefined : charset
}

const CHARSET = /\s*;\s*charset\s*=\s*(?:"([^"]*)"|([^;\s]*))/i

function bytesIn(charset: string, text: string): Uint8Array | undefined {
  if (/^utf-?16(le|be)?$/.test(charset)) return inUtf16(charset, text)
  // What the WHATWG takes for windows-1252 is strict elsewhere.
  if (/^(us-)?ascii$/.test(charset)) return undefined
  if (/^(iso-?8859-?1|latin-?1)$/.test(charset))
    return /^[\u0000-\u00FF]*$/.test(text) ? Buffer.from(text, 'latin1') : undefined
  const table = tableOf(charset)
  if (!table) return undefined
  const codes = Array.from(text, (character) => table.get(character))
  return codes.every((code) => code !== undefined) ? Uint8Array.from(codes) : undefined
}

/** RFC 2781 4.3: which byte comes first is said by a mark, unless the name says it. */
function inUtf16(charset: string, text: string): Uint8Array {
  const isBig = charset.endsWith('be')
  const bytes = Buffer.from(/[lb]e$/.test(charset) ? text : `\uFEFF${text}`, 'utf16le')
  return isBig ? bytes.swap16() : bytes
}

/** The byte of each character, of charsets in which each has one. */
function tableOf(charset: string): ReadonlyMap<string, number> | undefined {
  try {
    const decoder = new TextDecoder(charset, { fatal: false })
    if (!/^(iso-8859-|windows-|koi8-|macintosh|ibm866)/.test(decoder.encoding)) return undefined
    const characters = Array.from({ length: 256 }, (_none, code) => decoder.decode(Uint8Array.of(code)))
    return new Map(characters.map((character, code) => [character, code]))
  } catch {
    return undefined
  }
}

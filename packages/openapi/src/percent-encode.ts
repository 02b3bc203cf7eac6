/** Percent-encodes all but unreserved characters (RFC 3986 2.3). A lone surrogate, which has no UTF-8 form, is replaced. */
export function percentEncode(text: string): string {
  if (UNRESERVED.test(text)) return text
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/**
 * RFC 6570 3.2.3: reserved characters stay, and so does what is percent-encoded already; `#` would end the query, `&` and `+`
 * mean something else in one.
 */
export function percentEncodeReserved(text: string): string {
  return outsideTriples(text, (part) => keeping(part, ":/?[]@!$'()*,;="))
}

/** The same in a cookie, where other characters end a value (RFC 6265 4.1.1). */
export function percentEncodeInCookie(text: string): string {
  return outsideTriples(text, (part) => keeping(part, ":/?#[]@!$&'()*+="))
}

/**
 * The same in a segment of a path: a slash, `?` or `#` would end it, and `[` cannot stand there (RFC 3986 3.3). `%2F` would be one
 * for many servers, so what is percent-encoded already is encoded again (S13).
 */
export function percentEncodeInSegment(text: string, kept = ":@!$&'()*+,;="): string {
  return keeping(text.toWellFormed(), kept)
}

function outsideTriples(text: string, encode: (part: string) => string): string {
  const parts = text.toWellFormed().split(/(%[0-9A-Fa-f]{2})/)
  return parts.map((part, index) => (index % 2 === 1 ? part : encode(part))).join('')
}

/** All but unreserved characters are encoded, and these. */
function keeping(text: string, kept: string): string {
  return [...text].map((char) => (kept.includes(char) ? char : percentEncode(char))).join('')
}

/** Names keep the brackets and dollar signs that APIs write bare (`ids[]`, `$top`). */
export function percentEncodeName(name: string): string {
  if (UNRESERVED.test(name)) return name
  return encodeURIComponent(name.toWellFormed()).replaceAll(/%(5B|5D|24|3A|40)/g, decodeURIComponent)
}

const UNRESERVED = /^[\w.~-]*$/

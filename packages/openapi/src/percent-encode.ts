/** Percent-encodes all but unreserved characters (RFC 3986 2.3). A lone surrogate, which has no UTF-8 form, is replaced. */
export function percentEncode(text: string): string {
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
  const parts = text.toWellFormed().split(/(%[0-9A-Fa-f]{2})/)
  return parts.map((part, index) => (index % 2 === 1 ? part : encodeAroundReserved(part))).join('')
}

function encodeAroundReserved(text: string): string {
  return encodeURIComponent(text).replaceAll(/%(3A|2F|3F|5B|5D|40|24|2C|3B|3D)/g, decodeURIComponent)
}

/** Names keep the brackets and dollar signs that APIs write bare (`ids[]`, `$top`). */
export function percentEncodeName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(/%(5B|5D|24|3A|40)/g, decodeURIComponent)
}

// Codes of what JSON is written in: they cost half of what characters do.
export const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c]
export const [OBJECT, OBJECT_END, LIST, LIST_END] = [0x7b, 0x7d, 0x5b, 0x5d]

/**
 * What follows the text that begins at a quote, or the end of JSON that does not close it. No regular expression: megabytes exhaust
 * its stack.
 */
export function endOfText(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let before = at
    while (json.charCodeAt(before - 1) === BACKSLASH) before--
    // A quote behind an odd number of backslashes is escaped.
    if ((at - before) % 2 === 0) return at + 1
  }
  return json.length
}

/** RFC 8259 2 */
export function isWhite(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

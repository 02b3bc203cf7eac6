// Texts are counted and cut by code points: half of a surrogate pair is no character. Nothing is spread out: texts may have megabytes.

export function countCodePoints(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; at++) if (!isTrail(text, at)) count++
  return count
}

/** What follows the first `count`. */
export function afterCodePoints(text: string, count: number): string {
  let at = 0
  for (let left = count; left > 0 && at < text.length; left--) at += isTrail(text, at + 1) ? 2 : 1
  return text.slice(at)
}

/** The second half of a pair. */
function isTrail(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800
}

/** The first characters of a text, and no half of one: it would be no valid UTF-8. */
export function cutText(text: string, most: number): string {
  const head = text.slice(0, most)
  return /[\ud800-\udbff]$/.test(head) ? head.slice(0, -1) : head
}

/** The first bytes of a text in UTF-8. A code point that the cut splits is dropped, not replaced. */
export function cutBytes(text: string, most: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= most) return text
  return new TextDecoder().decode(bytes.subarray(0, Math.max(0, most)), { stream: true })
}

/** Tells whether a text is as a pattern says, in which `*` stands for anything; letters of either case are the same. */
export function patternMatcher(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split(/\*+/)
  const last = rest.pop()
  const least = first.length + rest.reduce((sum, part) => sum + part.length, 0) + (last?.length ?? 0)
  return (text) => {
    // Thousands of texts are held against one pattern, and most of a long one's are shorter.
    if (text.length < least) return false
    const plain = text.toLowerCase()
    if (last === undefined) return plain === first
    if (!plain.startsWith(first)) return false
    let at = first.length
    for (const part of rest) {
      const found = plain.indexOf(part, at)
      if (found < 0) return false
      at = found + part.length
    }
    return plain.length - last.length >= at && plain.endsWith(last)
  }
}

/** Whether a text is as a pattern says, in which `*` stands for anything; letters of either case are the same. */
export function matchesPattern(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*')
  const plain = text.toLowerCase()
  const last = rest.pop()
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

/** A URI template of RFC 6570, level 1: `{name}` stands for a text. */
export interface UriTemplate {
  /** Of its expressions, as they stand in it. */
  readonly names: readonly string[]
  /** What stands for each in a URI; nothing where the URI is none of the template's. */
  match(uri: string): Readonly<Record<string, string>> | undefined
}

/** Nothing where it is no such template: a brace of its own, another level, a name twice, or two expressions side by side. */
export function readUriTemplate(template: string): UriTemplate | undefined {
  // Literals and names take turns, a literal at both ends.
  const parts = template.split(/\{([A-Za-z0-9_](?:[A-Za-z0-9_.]*[A-Za-z0-9_])?)\}/)
  const literals = parts.filter((_part, index) => index % 2 === 0)
  const names = parts.filter((_part, index) => index % 2 === 1)
  const isSplit = literals.slice(1, -1).every((literal) => literal !== '')
  if (!isSplit || literals.some((literal) => /[{}]/.test(literal)) || new Set(names).size < names.length)
    return undefined
  return { names, match: (uri) => matched(uri, literals, names) }
}

/** A URI that is longer names nothing. */
const MOST_CHARS = 8_000

/** Each value ends where the text after it first comes: one pass, whatever the URI. */
function matched(uri: string, literals: readonly string[], names: readonly string[]) {
  const [first, ...others] = literals as [string, ...string[]]
  if (uri.length > MOST_CHARS || !uri.startsWith(first)) return undefined
  const values: Record<string, string> = {}
  let at = first.length
  for (const [index, literal] of others.entries()) {
    const end = index === others.length - 1 ? uri.length - literal.length : uri.indexOf(literal, at)
    const value = end > at && uri.startsWith(literal, end) ? textOf(uri.slice(at, end)) : undefined
    if (value === undefined) return undefined
    values[names[index]!] = value
    at = end + literal.length
  }
  return at === uri.length ? values : undefined
}

/** RFC 6570 3.2.2: what is not unreserved is percent-encoded, so a delimiter of a URI is no part of a value. */
function textOf(text: string): string | undefined {
  if (/[/?#&]/.test(text)) return undefined
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

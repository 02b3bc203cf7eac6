/** Appends reference tokens to a JSON pointer (RFC 6901 4). */
export function pointerTo(parent: string, ...tokens: Array<string | number>): string {
  let pointer = parent
  for (const token of tokens) pointer += `/${typeof token === 'number' ? token : escapeToken(token)}`
  return pointer
}

function escapeToken(token: string): string {
  return NEEDS_ESCAPE.test(token) ? token.replaceAll('~', '~0').replaceAll('/', '~1') : token
}

const NEEDS_ESCAPE = /[~/]/

/** The reference tokens of a pointer or of a local URI fragment (`#/a/b`, RFC 6901 6: percent-decoded first). */
export function pointerTokens(pointer: string): string[] {
  const text = pointer.startsWith('#') ? pointerOf(pointer) : pointer
  return text
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The pointer of a local reference: `#/a/%7Bb%7D` is `/a/{b}`. */
export function pointerOf(reference: string): string {
  return decodeFragment(reference.slice(1))
}

/** What a local reference names, or `undefined`. Only own properties count: `#/constructor` names nothing, nor does `#word`. */
export function resolvePointer(root: unknown, reference: string): unknown {
  if (!/^#?(\/|$)/.test(reference)) return undefined
  let current = root
  for (const token of pointerTokens(reference)) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, token)) return undefined
    current = (current as Record<string, unknown>)[token]
  }
  return current
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

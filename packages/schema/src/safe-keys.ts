/** What Claude, OpenAI and Gemini take as a property's key; one other key makes them refuse the whole request (B39, B40). */
const SAFE = /^[A-Za-z0-9_.-]{1,64}$/

/** A key near the name in characters that every client takes: `filter[created_at]` is filter_created_at, `$top` is top. */
export function safeKey(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '')
  const safe = plain.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').replaceAll(/_+$/g, '')
  // `$top` is top, but `_id` stays; `__proto__` as a key would be lost by ordinary objects.
  const trimmed = /^[^A-Za-z0-9_.-]|^__proto_*$/.test(plain) ? safe.replace(/^_+/, '') : safe
  return trimmed.slice(0, 64) || 'key'
}

/**
 * The keys under which clients are shown the properties of one object, by their own names. Empty where all are safe as they
 * are. The same names give the same keys, in whatever order they come.
 */
export function renamedKeys(names: readonly string[]): ReadonlyMap<string, string> {
  const unsafe = names.filter((name) => !SAFE.test(name) || name === '__proto__')
  if (unsafe.length === 0) return NONE
  const taken = new Set(names)
  const renamed = new Map<string, string>()
  for (const name of unsafe.toSorted()) {
    const base = safeKey(name)
    let key = base
    for (let n = 2; taken.has(key); n++) key = `${base.slice(0, 60)}_${n}`
    taken.add(key)
    renamed.set(name, key)
  }
  return renamed
}

const NONE: ReadonlyMap<string, string> = new Map()

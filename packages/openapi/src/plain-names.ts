import { DATA, NAMED } from './data-keys.ts'
import { pointerTo } from './json-pointer.ts'

/**
 * The pointer of a fragment that names a schema (`$anchor`, `$dynamicAnchor`; JSON Schema 2020-12, Core 8.2.2), or nothing where
 * no schema of the document, or more than one, is called so. Fragments that are pointers are what they are.
 */
export function pointerOfName(document: unknown, fragment: string): string | undefined {
  if (fragment === '' || fragment.startsWith('/')) return fragment
  const [pointer, ...others] = namesOf(document).get(fragment) ?? []
  return others.length > 0 ? undefined : pointer
}

/** Kept as long as the document lives: each of its references asks. */
const known = new WeakMap<object, ReadonlyMap<string, readonly string[]>>()

function namesOf(document: unknown): ReadonlyMap<string, readonly string[]> {
  if (typeof document !== 'object' || document === null) return new Map()
  const found = known.get(document) ?? collect(document)
  known.set(document, found)
  return found
}

function collect(document: object): Map<string, string[]> {
  const names = new Map<string, string[]>()
  const seen = new Set<object>()
  const visit = (value: unknown, pointer: string, isNamed = false): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    const { $anchor, $dynamicAnchor } = value as Record<string, unknown>
    for (const name of new Set([$anchor, $dynamicAnchor]))
      if (typeof name === 'string') names.set(name, [...(names.get(name) ?? []), pointer])
    for (const [key, item] of Object.entries(value))
      if (isNamed || !DATA.has(key)) visit(item, pointerTo(pointer, key), !isNamed && NAMED.has(key))
  }
  visit(document, '')
  return names
}

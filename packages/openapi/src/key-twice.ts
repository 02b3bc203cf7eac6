import type { Diagnostic } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { pointerTo } from './json-pointer.ts'

/** A member of an object that another of the same name was written over. */
export interface Overwritten {
  readonly holder: Record<string, unknown>
  readonly key: string
  readonly before: unknown
}

/**
 * Says of each key that stands twice in one object what became of it (RFC 8259 4: readers differ). Where objects hold what has
 * a name of its own, operations of a path or schemas, nothing is lost: both are read. Elsewhere the last counts.
 */
export function settleTwice(
  tree: unknown,
  overwritten: readonly Overwritten[],
  tell: (found: Diagnostic) => void,
): void {
  const places = placesOf(tree, overwritten)
  for (const { holder, key, before } of overwritten) {
    const pointer = pointerTo(places.get(holder) ?? '', key)
    const isBoth = NAMED.test(pointer) && isObject(before) && isObject(holder[key])
    const lost = isBoth ? unite(holder, key, before, pointer) : [key]
    const counts = lost.length > 0 ? `; of ${lost.map((name) => JSON.stringify(name)).join(', ')} the last counts` : ''
    const message = `${JSON.stringify(key)} stands twice in one object${isBoth ? '; both were read' : ''}${counts}`
    const fix = 'Give each key once.'
    tell({ code: 'key-twice', severity: 'warning', pointer, message, fix })
  }
}

/** What holds operations, or schemas and the like, by name. */
const NAMED =
  /^\/(paths|webhooks|components|definitions|parameters|responses|securityDefinitions)$|^\/(paths|components)\/[^/]+$/

/** The names that both have and that can be read once only. */
function unite(
  holder: Record<string, unknown>,
  key: string,
  before: Record<string, unknown>,
  pointer: string,
): string[] {
  const united = { ...before, ...(holder[key] as Record<string, unknown>) }
  Object.defineProperty(holder, key, { value: united, writable: true, enumerable: true, configurable: true })
  return Object.keys(before).flatMap((name) => {
    const other = (holder[key] as Record<string, unknown>)[name]
    const at = pointerTo(pointer, name)
    if (other === before[name]) return []
    return isObject(other) && isObject(before[name]) && NAMED.test(at) ? unite(united, name, before[name], at) : [name]
  })
}

/** Where the objects lie, also those that another was written over. */
function placesOf(tree: unknown, overwritten: readonly Overwritten[]): Map<object, string> {
  const places = new Map<object, string>()
  if (overwritten.length === 0) return places
  const before = Map.groupBy(overwritten, ({ holder }) => holder)
  const visit = (value: unknown, pointer: string): void => {
    if (typeof value !== 'object' || value === null || places.has(value)) return
    places.set(value, pointer)
    for (const [key, item] of Object.entries(value)) visit(item, pointerTo(pointer, key))
    for (const twin of before.get(value as Record<string, unknown>) ?? [])
      visit(twin.before, pointerTo(pointer, twin.key))
  }
  visit(tree, '')
  return places
}

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
  for (const [holder, twins] of Map.groupBy(overwritten, (one) => one.holder)) {
    for (const [key, before] of Map.groupBy(twins, (one) => one.key)) {
      const pointer = pointerTo(places.get(holder) ?? '', key)
      const { value, lost } = unite([...before.map((one) => one.before), holder[key]], pointer)
      Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true })
      tell(keyTwice(key, pointer, lost))
    }
  }
}

function keyTwice(key: string, pointer: string, lost: readonly string[] | undefined): Diagnostic {
  const all = lost ?? [key]
  const more = all.length > 10 ? ` and ${all.length - 10} more` : ''
  const names =
    all
      .slice(0, 10)
      .map((name) => JSON.stringify(name))
      .join(', ') + more
  const counts = names === '' ? '' : `; of ${names} the last counts`
  const message = `${JSON.stringify(key)} stands twice in one object${lost ? '; both were read' : ''}${counts}`
  return { code: 'key-twice', severity: 'warning', pointer, message, fix: 'Give each key once.' }
}

/** What holds operations, or schemas and the like, by name. */
const NAMED =
  /^\/(paths|webhooks|components|definitions|parameters|responses|securityDefinitions)$|^\/(paths|components)\/[^/]+$/

/** All that stands under one key, as one object where it can be; `lost`: the names in it that could be read once only. */
function unite(values: readonly unknown[], pointer: string): { value: unknown; lost?: string[] } {
  if (!NAMED.test(pointer) || !values.every(isObject)) return { value: values.at(-1) }
  const lost: string[] = []
  const members = Map.groupBy(values.flatMap(Object.entries<unknown>), ([name]) => name)
  const entries = [...members].map(([name, found]): [string, unknown] => {
    const distinct = [...new Set(found.map(([, item]) => item))]
    if (distinct.length === 1) return [name, distinct[0]]
    const inner = unite(distinct, pointerTo(pointer, name))
    lost.push(...(inner.lost ?? [name]))
    return [name, inner.value]
  })
  return { value: Object.fromEntries(entries), lost }
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

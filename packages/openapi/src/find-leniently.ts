import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml'
import type { WantedPlaces } from './wanted-places.ts'

/** Finds the wanted places in YAML that only a lenient parser reads. What cannot be read at all has none. */
export function findLeniently(text: string, wanted: WantedPlaces): void {
  const note = (place: WantedPlaces | undefined, node: unknown) => {
    const start = (node as Node | null)?.range?.[0]
    if (place && start !== undefined) place.offset = start
  }
  const walk = (node: unknown, place: WantedPlaces | undefined): void => {
    if (!place) return
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) && !isAlias(key) ? String(key.value) : String(key)
        const at = place.below.get(name)
        note(at, key)
        walk(value, at)
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        const at = place.below.get(String(index))
        note(at, item)
        walk(item, at)
      }
    }
  }
  try {
    walk(parseDocument(text, { strict: false, uniqueKeys: false, merge: true, logLevel: 'silent' }).contents, wanted)
  } catch {
    // Then places are told as far as they were found.
  }
}

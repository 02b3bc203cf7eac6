import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml'
import { pointerTo } from './json-pointer.ts'

/**
 * Where the wanted pointers lie in YAML that only a lenient parser reads: a value in a mapping begins at its key. What cannot be
 * read at all has no places.
 */
export function lenientOffsets(text: string, wanted: ReadonlySet<string>): Map<string, number> {
  const offsets = new Map<string, number>()
  const note = (pointer: string, node: unknown) => {
    const start = (node as Node | null)?.range?.[0]
    if (start !== undefined && wanted.has(pointer)) offsets.set(pointer, start)
  }
  const walk = (node: unknown, pointer: string): void => {
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) && !isAlias(key) ? String(key.value) : String(key)
        const at = pointerTo(pointer, name)
        note(at, key)
        walk(value, at)
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        const at = pointerTo(pointer, index)
        note(at, item)
        walk(item, at)
      }
    }
  }
  try {
    walk(parseDocument(text, { strict: false, uniqueKeys: false, merge: true, logLevel: 'silent' }).contents, '')
  } catch {
    return offsets
  }
  return offsets
}

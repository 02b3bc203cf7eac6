/** All pages of a list, by the cursor that asks for each; the first by an empty one. JSON bytes, with the brace that ends their message. */
export type EncodedPages = ReadonlyMap<string, Uint8Array>

/** Lists as they are sent, by who sees the same ones and how they are written. */
export interface ListCache {
  /** `scope` is the same object for as long as the same tools are seen. */
  readonly get: (scope: object, variant: string, encode: () => EncodedPages) => EncodedPages
}

/** Lists of large catalogs are megabytes: what was used longest ago makes room. */
const MOST_BYTES = 64 * 1024 * 1024

export function createListCache(mostBytes = MOST_BYTES): ListCache {
  const kept = new Map<string, EncodedPages>()
  const numbers = new WeakMap<object, number>()
  let [count, bytes] = [0, 0]

  // A number holds no catalog in memory that is served no more.
  function numberOf(scope: object): number {
    const known = numbers.get(scope)
    if (known !== undefined) return known
    numbers.set(scope, ++count)
    return count
  }

  return {
    get(scope, variant, encode) {
      const key = `${numberOf(scope)} ${variant}`
      const known = kept.get(key)
      const pages = known ?? encode()
      if (known) kept.delete(key)
      else bytes += sizeOf(pages)
      kept.set(key, pages)
      for (const [oldest, large] of kept) {
        if (bytes <= mostBytes) break
        kept.delete(oldest)
        bytes -= sizeOf(large)
      }
      return pages
    },
  }
}

function sizeOf(pages: EncodedPages): number {
  return [...pages.values()].reduce((sum, { length }) => sum + length, 0)
}

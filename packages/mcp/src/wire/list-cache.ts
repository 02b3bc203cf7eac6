/** Pages of lists as they are sent, by who sees the same ones and how they are written: JSON bytes, with the brace that ends their message. */
export interface ListCache {
  /**
   * `scope` is the same object for as long as the same tools are seen; `variant` says which page it is, and for whom it is written. A page
   * that is being written is waited for by all who ask for it.
   */
  readonly get: (scope: object, variant: string, encode: EncodePage) => Uint8Array | Promise<Uint8Array | undefined>
}

/** Undefined where there is no such page. */
export type EncodePage = () => Promise<Uint8Array | undefined>

/** Lists of large catalogs are megabytes: what was used longest ago makes room. */
const MOST_BYTES = 64 * 1024 * 1024

export function createListCache(mostBytes = MOST_BYTES): ListCache {
  const kept = new Map<string, Uint8Array>()
  const written = new Map<string, Promise<Uint8Array | undefined>>()
  const numbers = new WeakMap<object, number>()
  let [count, bytes] = [0, 0]

  // A number holds no catalog in memory that is served no more.
  function numberOf(scope: object): number {
    const known = numbers.get(scope)
    if (known !== undefined) return known
    numbers.set(scope, ++count)
    return count
  }

  function keep(key: string, page: Uint8Array): void {
    kept.set(key, page)
    bytes += page.length
    for (const [oldest, { length }] of kept) {
      if (bytes <= mostBytes) break
      kept.delete(oldest)
      bytes -= length
    }
  }

  async function write(key: string, encode: EncodePage): Promise<Uint8Array | undefined> {
    try {
      const page = await encode()
      if (page) keep(key, page)
      return page
    } finally {
      written.delete(key)
    }
  }

  return {
    get(scope, variant, encode) {
      const key = `${numberOf(scope)} ${variant}`
      const known = kept.get(key)
      if (known) {
        kept.delete(key)
        kept.set(key, known)
        return known
      }
      const waiting = written.get(key)
      if (waiting) return waiting
      const page = write(key, encode)
      written.set(key, page)
      return page
    },
  }
}

/** A map that keeps what was used last. */
export interface BoundedMap<Value> {
  /** Counts as a use, once there is half of what is kept: before that nobody asks what was used last. */
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  delete(key: string): void
  values(): Iterable<Value>
}

export interface Bounds<Value> {
  readonly mostEntries: number
  /** Of all values together; in what `weigh` says of one. */
  readonly mostWeight?: number
  readonly weigh?: (value: Value) => number
  /** Told that something had to make room. */
  readonly dropped?: () => void
}

export function createBoundedMap<Value>({
  mostEntries,
  mostWeight = 0,
  weigh = () => 0,
  dropped = () => {},
}: Bounds<Value>): BoundedMap<Value> {
  const values = new Map<string, Value>()
  let weight = 0

  function remove(key: string): void {
    const value = values.get(key)
    if (value !== undefined && values.delete(key)) weight -= weigh(value)
  }

  function isHalfFull(): boolean {
    return values.size >= mostEntries / 2 || (mostWeight > 0 && weight >= mostWeight / 2)
  }

  return {
    get(key) {
      const value = values.get(key)
      // A Map keeps the order of insertion: the first entry is the one unused for longest.
      if (value !== undefined && isHalfFull() && values.delete(key)) values.set(key, value)
      return value
    },
    set(key, value) {
      remove(key)
      values.set(key, value)
      weight += weigh(value)
      for (const oldest of values.keys()) {
        if (values.size <= mostEntries && weight <= mostWeight) return
        remove(oldest)
        dropped()
      }
    },
    delete: remove,
    values: () => values.values(),
  }
}

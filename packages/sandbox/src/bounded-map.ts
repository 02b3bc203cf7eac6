/** A map that keeps what was used last. */
export interface BoundedMap<Value> {
  /** Counts as a use. */
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  delete(key: string): void
}

/** `dropped` is told what had to make room. */
export function createBoundedMap<Value>(most: number, dropped: (value: Value) => void = () => {}): BoundedMap<Value> {
  const values = new Map<string, Value>()

  function set(key: string, value: Value): void {
    values.delete(key)
    values.set(key, value)
    for (const [oldest, old] of values) {
      if (values.size <= most) return
      values.delete(oldest)
      dropped(old)
    }
  }

  return {
    get(key) {
      const value = values.get(key)
      if (value !== undefined) set(key, value)
      return value
    },
    set,
    delete: (key) => void values.delete(key),
  }
}

/** What is there now, of things that come and go by the thousand. */
export interface Roster<T> {
  /** Answers what takes it out again, once. */
  readonly enter: (item: T) => () => void
  readonly all: () => readonly T[]
}

/**
 * A list, and no Set: each table that a Set has outgrown keeps what was in it and leads to the next, so that one which collections of
 * young objects took for old keeps all that ever was in any alive until a large one, and has it copied until then.
 */
export function createRoster<T>(): Roster<T> {
  const entries: Array<{ item: T; at: number }> = []
  return {
    enter: (item) => {
      const entry = { item, at: entries.length }
      entries.push(entry)
      return () => {
        if (entries[entry.at] !== entry) return
        const last = entries.pop()!
        if (last === entry) return
        entries[entry.at] = last
        last.at = entry.at
      }
    },
    all: () => entries.map(({ item }) => item),
  }
}

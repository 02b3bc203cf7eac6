/** Past this many, what was unused for longest is forgotten. */
const MOST_ORIGINS = 512

/** What is kept for each origin, made when it is first asked for. */
export function byOrigin<T>(make: () => T): (origin: string) => T {
  const kept = new Map<string, T>()
  return (origin) => {
    const one = kept.get(origin) ?? make()
    // A Map keeps the order of insertion: putting it back makes the first entry the one unused for longest.
    kept.delete(origin)
    kept.set(origin, one)
    if (kept.size > MOST_ORIGINS) kept.delete(kept.keys().next().value!)
    return one
  }
}

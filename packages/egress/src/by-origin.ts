/** Past this many, what was unused for longest is forgotten; while there are half as many, nobody asks what that is. */
const MOST_ORIGINS = 512

/** What is kept for each origin and workspace, made when it is first asked for: no workspace holds another off an API that both call. */
export function byOrigin<T>(make: () => T): (origin: string, workspaceId: string | undefined) => T {
  const kept = new Map<string, T>()
  return (origin, workspaceId) => {
    // No origin has a blank.
    const key = `${origin} ${workspaceId ?? ''}`
    const known = kept.get(key)
    if (known !== undefined && kept.size < MOST_ORIGINS / 2) return known
    const one = known ?? make()
    // A Map keeps the order of insertion: putting it back makes the first entry the one unused for longest.
    kept.delete(key)
    kept.set(key, one)
    if (kept.size > MOST_ORIGINS) kept.delete(kept.keys().next().value!)
    return one
  }
}

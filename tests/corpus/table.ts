/** Counts of many, added up, most first. */
export function totals(counts: ReadonlyArray<Readonly<Record<string, number>>>): Array<[string, number]> {
  const all = new Map<string, number>()
  for (const one of counts) for (const [name, count] of Object.entries(one)) all.set(name, (all.get(name) ?? 0) + count)
  return [...all].toSorted((a, b) => b[1] - a[1])
}

/** The lines of a table with its title; none where there is nothing to show. */
export function table(title: string, rows: ReadonlyArray<readonly [string, number]>): string[] {
  if (rows.length === 0) return []
  return ['', title, ...rows.slice(0, MOST_ROWS).map(([name, count]) => `${String(count).padStart(8)}  ${name}`)]
}

const MOST_ROWS = 40

/** `12.34 %`. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((part / whole) * 100).toFixed(2)} %`
}

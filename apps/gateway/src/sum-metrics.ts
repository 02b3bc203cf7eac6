/** Of these the least of all processes is the whole's: it is ready when all are, and began with the first. */
const LEAST: ReadonlySet<string> = new Set(['sluice_ready', 'process_start_time_seconds'])

/** The metrics of several processes as those of one, in the text format of Prometheus: what each counts is summed. */
export function sumMetrics(texts: readonly string[]): string {
  const lines = new Map<string, number | undefined>()
  for (const line of texts.join('').split('\n')) {
    if (line === '') continue
    // A label's value may hold spaces; the number does not.
    const at = line.lastIndexOf(' ')
    const isComment = line.startsWith('#')
    const series = isComment ? line : line.slice(0, at)
    const known = lines.get(series)
    const value = Number(line.slice(at + 1))
    if (isComment) lines.set(series, undefined)
    else if (known === undefined) lines.set(series, value)
    else lines.set(series, LEAST.has(series) ? Math.min(known, value) : known + value)
  }
  return inFamilies([...lines].map(([series, value]) => (value === undefined ? series : `${series} ${value}`)))
}

/** What a process has counted, without what was so at the moment: that goes on being true when it is gone. */
export function countersOf(text: string): string {
  const kept = new Set<string>()
  for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) if (type !== 'gauge') kept.add(name!)
  const isKept = (line: string) => kept.has(line.startsWith('#') ? line.split(' ')[2]! : familyOf(line, kept))
  return text
    .split('\n')
    .filter((line) => line !== '' && isKept(line))
    .map((line) => `${line}\n`)
    .join('')
}

/** A process may have series that another has not: those of one metric stand together, below its comments. */
function inFamilies(lines: readonly string[]): string {
  const families = new Map<string, string[]>()
  for (const line of lines) {
    const name = line.startsWith('#') ? line.split(' ')[2]! : familyOf(line, families)
    families.set(name, [...(families.get(name) ?? []), line])
  }
  return [...families.values()]
    .flat()
    .map((line) => `${line}\n`)
    .join('')
}

function familyOf(line: string, families: { readonly has: (name: string) => boolean }): string {
  const name = /^[^{ ]+/.exec(line)![0]
  const family = name.replace(/_(bucket|sum|count)$/, '')
  return families.has(name) ? name : families.has(family) ? family : name
}

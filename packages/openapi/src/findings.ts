import type { Diagnostic } from '@sluice/contract'

/** Collects what the importer has to say, each once per place. */
export interface Findings {
  readonly list: readonly Diagnostic[]
  /** How often something was said, also what was said before or is not kept: whether it grows tells whose fault it was. */
  readonly count: number
  add(diagnostic: Diagnostic): void
  /** Whether something was said of what stands below an operation of `paths`. */
  isAbout(operation: string): boolean
  /** What is not kept, by number. */
  rest(): Diagnostic[]
  /** Why documents that are referred to could not be fetched, by URL. */
  readonly unfetched: ReadonlyMap<string, string>
}

/** At most `most` errors and as many others are kept: a document with one fault in ten thousand places says it a thousand times. */
export function createFindings(unfetched: ReadonlyMap<string, string> = new Map(), most = 1_000): Findings {
  const list: Diagnostic[] = []
  const seen = new Set<string>()
  const operations = new Set<string>()
  const kept = { error: 0, other: 0 }
  const more = new Map<string, number>()
  let count = 0

  function add(diagnostic: Diagnostic): void {
    const { code, pointer, severity } = diagnostic
    count++
    // Several paths may share an item, and so its place.
    const key = `${code} ${pointer} ${diagnostic.message}`
    if (seen.has(key)) return
    seen.add(key)
    const operation = OPERATION.exec(pointer)?.[0]
    if (operation) operations.add(operation)
    const kind = severity === 'error' ? 'error' : 'other'
    if (kept[kind] >= most) more.set(code, (more.get(code) ?? 0) + 1)
    else {
      kept[kind]++
      list.push(diagnostic)
    }
  }

  function rest(): Diagnostic[] {
    if (more.size === 0) return []
    const total = [...more.values()].reduce((sum, one) => sum + one, 0)
    const each = [...more].map(([code, one]) => `${one} ${code}`).join(', ')
    return [
      { code: 'findings-more', severity: 'warning', pointer: '', message: `${total} more are not listed: ${each}` },
    ]
  }

  return {
    list,
    get count() {
      return count
    },
    add,
    isAbout: (operation) => operations.has(operation),
    rest,
    unfetched,
  }
}

const OPERATION = /^\/paths\/[^/]*\/[^/]+/

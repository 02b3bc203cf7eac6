import type { Diagnostic } from '@sluice/contract'

/** Collects what the importer has to say, once per place and code. */
export interface Findings {
  readonly list: readonly Diagnostic[]
  add(diagnostic: Diagnostic): void
}

/** At most `most` are kept: a document with one fault in ten thousand places says it a thousand times. */
export function createFindings(most = 1_000): Findings {
  const list: Diagnostic[] = []
  const seen = new Set<string>()
  return {
    list,
    add(diagnostic) {
      const key = `${diagnostic.code} ${diagnostic.pointer}`
      if (seen.has(key)) return
      seen.add(key)
      if (list.length < most) list.push(diagnostic)
    },
  }
}

import type { Findings } from './findings.ts'

/** Says of a reference that leaves the document why it leads to nothing, and what to do; `so`: what comes of it. */
export function tellExternal(findings: Findings, reference: string, pointer: string, so = ''): void {
  const url = reference.split('#', 1)[0]!
  const reason = findings.unfetched.get(url)
  // Nobody is told to allow what was allowed and could not be fetched.
  const [why, fix] =
    reason === undefined
      ? ['lies in another document, which was not given', fixForExternal(reference)]
      : [
          `could not be fetched: ${reason.replace(/\.$/, '')}`,
          'Import again once it can be fetched, or send all files together.',
        ]
  findings.add({ code: 'ref-external', severity: 'warning', pointer, message: `${reference} ${why}${so}`, fix })
}

function fixForExternal(reference: string): string {
  return /^https?:/i.test(reference) && URL.canParse(reference)
    ? `Import again and allow it: "externalRefs": ["${new URL(reference).origin}"].`
    : 'Send all files together: a folder on the command line, or a zip of them.'
}

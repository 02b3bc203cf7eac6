import { type ImportCommit, type OpenSecret, Problem } from '@sluice/contract'
import { planImport } from '@sluice/openapi'
import { type DueRefresh, REFRESHER } from '@sluice/store'
import { storedFetchHeaders } from './fetch-headers.ts'
import { fetchReferred } from './fetch-referred.ts'
import { fetchIfChanged } from './fetch-spec.ts'
import type { ImportDeps } from './import-deps.ts'
import { sendFor } from './send-for.ts'
import { settleSchemes } from './settle-schemes.ts'
import { weighChanges } from './weigh-changes.ts'

export interface RefreshDeps
  extends Omit<ImportDeps, 'commit' | 'reportedBefore' | 'publicUrl' | 'storedFetchHeaders' | 'namesOnServer'> {
  readonly openSecret: OpenSecret
  readonly commitRefresh: (commit: ImportCommit) => Promise<unknown>
  /** What does not fit the answers that are kept of an upstream's tools. */
  readonly misfits: (workspaceId: string, upstream: string) => Promise<readonly string[]>
  /** Writes what it came to. */
  readonly record: (
    due: DueRefresh,
    outcome: { readonly text: string; readonly validator?: string | null },
  ) => Promise<void>
}

/**
 * Fetches an upstream's document again and imports it: what is new is enabled on nothing, what changed waits as the upstream's
 * policy has it. Never throws for what a document or a network does: that is the outcome.
 */
export async function runRefresh(due: DueRefresh, deps: RefreshDeps): Promise<string> {
  const outcome = await refresh(due, deps).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error
    return { text: `failed: ${error.detail}` }
  })
  await deps.record(due, outcome)
  return outcome.text
}

async function refresh(due: DueRefresh, given: RefreshDeps): Promise<{ text: string; validator?: string | null }> {
  const { workspaceId, slug, url, allow } = due
  const deps = { ...given, send: sendFor(workspaceId, given.send) }
  const headers = storedFetchHeaders(due.headers, deps.openSecret)
  const stored = await deps.readStored(workspaceId, slug)
  const { upstream } = stored
  if (!upstream) return { text: 'failed: the upstream is gone' }
  // That the document is as it was says nothing of the others that it refers to.
  const known = upstream.externalRefs.length > 0 ? null : due.validator
  const fetched = await fetchIfChanged(url, known, allow, deps.send, headers)
  if (!fetched) return { text: 'unchanged' }
  const overlay = upstream.overlay === null ? {} : { overlay: upstream.overlay }
  const { packed, hash } = await deps.pack(fetched.bytes)
  const source = { packed, url, ...overlay }
  const read = await deps.readSpec(await fetchReferred(source, upstream.externalRefs, allow, deps, headers))
  const about = { workspaceId, policy: upstream.holdChanges, accept: false }
  const spec = settleSchemes(read, upstream.securitySchemes, about)
  const planned = await planImport(spec.operations, stored.operations, 'auto', stored.takenNames)
  const changes = await weighChanges(planned.changes, about, deps)
  const counts = countKinds(changes)
  if (counts.size === 0 && hash === stored.documentHash) return { text: 'unchanged', validator: fetched.validator }
  await deps.commitRefresh({
    workspaceId,
    actor: REFRESHER.id,
    upstream: { ...upstream, securitySchemes: spec.securitySchemes },
    spec: {
      sourceUrl: url,
      refreshUrl: url,
      received: packed,
      contentHash: hash,
      declaredVersion: spec.declaredVersion,
      diagnostics: spec.diagnostics,
      coverage: spec.coverage,
    },
    changes,
    plannedOn: upstream,
    accessKeyName: '',
  })
  await deps.refresh()
  const text = [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')
  const isServed = changes.some((change) => (change.kind === 'changed' || change.kind === 'moved') && !change.held)
  const misfits = isServed ? tellMisfits(await deps.misfits(workspaceId, slug)) : ''
  return { text: `${text || 'another text, the same tools'}${misfits}`, validator: fetched.validator }
}

/** What is other than before, by kind, and how much of it waits. */
function countKinds(changes: ImportCommit['changes']): Map<string, number> {
  const counts = new Map<string, number>()
  const add = (kind: string) => counts.set(kind, (counts.get(kind) ?? 0) + 1)
  for (const change of changes) {
    if (change.kind !== 'unchanged') add(change.kind)
    if ('held' in change && change.held) add('held for review')
  }
  return counts
}

const MOST_TOLD = 3

function tellMisfits(notes: readonly string[]): string {
  if (notes.length === 0) return ''
  const more = notes.length > MOST_TOLD ? ` And ${notes.length - MOST_TOLD} more.` : ''
  return `. Kept answers do not fit: ${notes.slice(0, MOST_TOLD).join(' ')}${more}`
}

import { type CreatedAccessKey, type ImportCommit, Problem, type StoredOperation } from '@sluice/contract'
import { and, eq } from 'drizzle-orm'
import { recordAudit } from './audit-events.ts'
import { among, isRow, refersTo } from './conditions.ts'
import { createOnce, type Once } from './create-once.ts'
import type { Seal } from './create-sealer.ts'
import { saveCredential } from './credentials.ts'
import type { Database } from './database.ts'
import { saveFetchHeaders } from './fetch-headers.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { bumpRevisions, serversOfUpstream } from './revisions.ts'
import { gatherStatistics, saveOperations } from './save-operations.ts'
import { operationVersions, specRevisions, tools, upstreams } from './schema.ts'
import { ensureAccessKey, serveTools } from './serve-tools.ts'
import { latestRevision, type StoredImport, selectStored } from './stored-operations.ts'
import { transact } from './transact.ts'

/** What a commit without a server leaves. */
interface SavedImport {
  readonly upstreamId: string
  readonly specRevisionId: string
}

export interface CommittedImport extends SavedImport {
  readonly serverId: string
  /** Not what was asked for where that is another workspace's. */
  readonly serverSlug: string
  readonly serverName: string
  /** Null where the server had a valid key. */
  readonly accessKey: CreatedAccessKey | null
}

/**
 * Writes an import, all of it or nothing. New tools are made for added operations; of others only the version they serve
 * changes, so nobody's edits are lost. A removed operation keeps its tool, disabled, and may come back.
 *
 * @throws Problem `conflict` when the upstream is not as it was when the import was planned.
 */
export function commitImport(store: Store, commit: ImportCommit, seal: Seal): Promise<CommittedImport> {
  return commitImportOnce(store, commit, seal, undefined, (committed) => committed)
}

/** The same for one that may be repeated: what `answerOf` makes of the commit is kept, and comes back. It must be JSON. */
export function commitImportOnce<T>(
  store: Store,
  commit: ImportCommit,
  seal: Seal,
  once: Once | undefined,
  answerOf: (committed: CommittedImport) => T,
): Promise<T> {
  const { workspaceId } = commit
  return createOnce(store, workspaceId, once, async (tx) => {
    const { served, ...saved } = await saveImport(tx, commit)
    const { upstreamId } = saved
    await saveFetchHeaders(tx, commit, upstreamId, seal)
    if (commit.credential) await saveCredential(tx, { ...commit.credential, workspaceId, upstreamId }, seal)
    const server = await serveTools(tx, commit, served)
    await gatherStatistics(tx)
    const accessKey = await ensureAccessKey(tx, commit, server)
    const serverIds = await serversOfUpstream(tx, workspaceId, upstreamId)
    await bumpRevisions(tx, workspaceId, [...new Set([server.id, ...serverIds])])
    return answerOf({
      ...saved,
      serverId: server.id,
      serverSlug: server.slug,
      serverName: server.name,
      accessKey,
    })
  })
}

/** Writes a refresh: the same, but what is new is put on no server. @throws Problem `conflict` as `commitImport` does */
export function commitRefresh(store: Store, commit: ImportCommit): Promise<SavedImport> {
  const { workspaceId } = commit
  return transact(store, workspaceId, async (tx) => {
    const { served: _served, ...saved } = await saveImport(tx, commit)
    await gatherStatistics(tx)
    await bumpRevisions(tx, workspaceId, await serversOfUpstream(tx, workspaceId, saved.upstreamId))
    return saved
  })
}

async function saveImport(tx: Database, commit: ImportCommit) {
  const { workspaceId, upstream } = commit
  const stored = await selectStored(tx, workspaceId, upstream.slug)
  if (isStale(commit, stored)) {
    const detail = `The upstream "${upstream.slug}" changed while this import was prepared. Import again.`
    throw new Problem('conflict', { detail })
  }
  const upstreamId = await saveUpstream(tx, commit)
  const specRevisionId = await saveSpecRevision(tx, commit, upstreamId)
  const served = await saveOperations(tx, commit, { upstreamId, specRevisionId })
  await recordAudit(tx, auditEventOf(commit, stored, upstreamId))
  return { upstreamId, specRevisionId, served }
}

/** The definitions that the tools of operations serve, packed, by operation: those of enabled ones, or of the first where none is. */
export async function readServedDefinitions(
  store: Store,
  workspaceId: string,
  operationIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Uint8Array[]>> {
  const rows = await store.db
    .select({
      id: tools.operationId,
      enabled: tools.enabled,
      version: operationVersions.id,
      definition: operationVersions.definition,
    })
    .from(tools)
    .innerJoin(operationVersions, refersTo(tools, tools.operationVersionId, operationVersions))
    .where(and(eq(tools.workspaceId, workspaceId), among(tools.operationId, operationIds)))
    .orderBy(tools.id)
  const served = Map.groupBy(rows, ({ id }) => id)
  return new Map(
    [...served].map(([id, all]) => {
      const enabled = all.filter((row) => row.enabled)
      const versions = new Map((enabled.length > 0 ? enabled : all.slice(0, 1)).map((row) => [row.version, row]))
      return [id, [...versions.values()].map(({ definition }) => definition)]
    }),
  )
}

/**
 * Whether what is stored differs from what the plan was made on: also which tools are enabled and what was edited, since
 * both decide what waits. Operations that stay removed need not be in a plan.
 */
function isStale(commit: ImportCommit, stored: StoredImport): boolean {
  if (commit.upstream.id !== stored.upstream?.id || !isSameSettings(commit, stored)) return true
  const planned = new Map(
    commit.changes.flatMap((change) => ('stored' in change ? [[change.stored.id, change.stored] as const] : [])),
  )
  for (const operation of stored.operations) {
    const known = planned.get(operation.id)
    if (known ? !isSameState(known, operation) : !operation.removed) return true
    planned.delete(operation.id)
  }
  return planned.size > 0
}

/** What was set meanwhile, by an owner perhaps, would be undone by what was read before. */
function isSameSettings({ plannedOn }: ImportCommit, { upstream }: StoredImport): boolean {
  if (!plannedOn || !upstream) return true
  const { baseUrl, allow, overlay, externalRefs } = upstream
  const now = [baseUrl, allow.toSorted(), overlay, externalRefs.toSorted()]
  const then = [plannedOn.baseUrl, plannedOn.allow.toSorted(), plannedOn.overlay, plannedOn.externalRefs.toSorted()]
  return JSON.stringify(now) === JSON.stringify(then)
}

function isSameState(a: StoredOperation, b: StoredOperation): boolean {
  return (
    a.contentHash === b.contentHash &&
    a.removed === b.removed &&
    a.tools.length === b.tools.length &&
    a.tools.every((tool, at) => isSameTool(tool, b.tools[at]!))
  )
}

function isSameTool(a: StoredOperation['tools'][number], b: StoredOperation['tools'][number]): boolean {
  if (a.id !== b.id || a.name !== b.name || a.enabled !== b.enabled) return false
  // Neither has edits where neither names them.
  return a.argumentEdits === b.argumentEdits || JSON.stringify(a.argumentEdits) === JSON.stringify(b.argumentEdits)
}

async function saveUpstream(tx: Database, commit: ImportCommit): Promise<string> {
  const { workspaceId, upstream } = commit
  const { slug, name, baseUrl, securitySchemes, allow, overlay, externalRefs } = upstream
  const { refreshUrl } = commit.spec
  // The tag of what was fetched before says nothing of what is stored now.
  const fetching = { refreshEtag: null, ...(refreshUrl === undefined ? {} : { refreshUrl }) }
  const fields = { baseUrl, securitySchemes, allow, overlay, externalRefs, ...fetching }
  if (upstream.id === undefined) {
    const id = newId('up')
    await tx.insert(upstreams).values({ workspaceId, id, slug, name, ...fields })
    return id
  }
  await tx
    .update(upstreams)
    .set({ ...fields, updatedAt: new Date() })
    .where(and(eq(upstreams.workspaceId, workspaceId), eq(upstreams.id, upstream.id)))
  return upstream.id
}

/** The same text again is the same revision, wherever it lies by now. */
async function saveSpecRevision(tx: Database, commit: ImportCommit, upstreamId: string): Promise<string> {
  const { workspaceId } = commit
  const { refreshUrl, ...spec } = commit.spec
  const latest = await latestRevision(tx, workspaceId, upstreamId)
  if (latest?.contentHash === spec.contentHash) {
    const { sourceUrl } = spec
    // A text that was only sent does not say where it lies.
    if (refreshUrl !== undefined && sourceUrl !== latest.sourceUrl)
      await tx
        .update(specRevisions)
        .set({ sourceUrl })
        .where(isRow(specRevisions, workspaceId, latest.id))
    return latest.id
  }
  const id = newId('rev')
  await tx.insert(specRevisions).values({ workspaceId, id, upstreamId, ...spec })
  return id
}

function auditEventOf(commit: ImportCommit, stored: StoredImport, upstreamId: string) {
  const { workspaceId, actor, upstream, changes, credential } = commit
  const count = (kind: string) => changes.filter((change) => change.kind === kind).length
  return {
    workspaceId,
    actor,
    action: 'import.commit' as const,
    target: upstreamId,
    before: stored.upstream && { baseUrl: stored.upstream.baseUrl, allow: stored.upstream.allow },
    after: {
      slug: upstream.slug,
      baseUrl: upstream.baseUrl,
      allow: upstream.allow,
      server: commit.server?.slug,
      sourceUrl: commit.spec.sourceUrl,
      // The scheme alone: the secret has no place here (S39).
      credential: credential?.scheme,
      added: count('added'),
      changed: count('changed'),
      moved: count('moved'),
      held: changes.filter((change) => 'held' in change && change.held).length,
      unchanged: count('unchanged'),
      removed: count('removed'),
    },
  }
}

import type { DerivedOperation, ImportCommit, OperationChange } from '@sluice/contract'
import { and, eq, sql } from 'drizzle-orm'
import { serveWaiting } from './agree-to-changes.ts'
import { among } from './conditions.ts'
import type { Database } from './database.ts'
import { batchesOf, insertRows } from './insert-rows.ts'
import { newId } from './new-id.ts'
import { operations, operationVersions, serverTools, tools } from './schema.ts'

/** A tool that an import gives to its server. */
export interface ServedTool {
  readonly id: string
  readonly name: string
}

/** The tools of all operations that are in the document. */
export interface SavedTools {
  readonly kept: readonly ServedTool[]
  readonly added: readonly ServedTool[]
}

interface Import {
  readonly workspaceId: string
  readonly upstreamId: string
  readonly specRevisionId: string
}
type Added = Extract<OperationChange, { kind: 'added' }>
type Kept = Exclude<OperationChange, { kind: 'added' | 'removed' }>

/** Writes an import's operations, their versions and tools. Returns the tools of all that are in the spec. */
export async function saveOperations(
  tx: Database,
  commit: ImportCommit,
  ids: { upstreamId: string; specRevisionId: string },
): Promise<SavedTools> {
  const into = { workspaceId: commit.workspaceId, ...ids }
  const added = commit.changes.filter((change) => change.kind === 'added')
  const kept = commit.changes.filter((change): change is Kept => change.kind !== 'added' && change.kind !== 'removed')
  const removed = commit.changes.filter((change) => change.kind === 'removed')
  for (const batch of batchesOf(
    kept.filter(({ kind }) => kind !== 'unchanged'),
    bytesOf,
  ))
    await followChanged(tx, into, batch)
  // Whoever agrees to an import agrees to what waits from earlier ones.
  if (commit.accept) await serveWaiting(tx, into.workspaceId, eq(tools.upstreamId, into.upstreamId))
  await moveOperations(tx, into, kept)
  await bringBack(tx, into, kept)
  const gone = removed.filter(({ stored }) => !stored.removed).map(({ stored }) => stored.id)
  await markRemoved(tx, into, gone)
  return { kept: kept.flatMap(({ stored }) => stored.tools), added: await insertAll(tx, into, added) }
}

async function insertAll(tx: Database, into: Import, added: readonly Added[]): Promise<ServedTool[]> {
  const inserted: ServedTool[] = []
  let many = MANY
  for (const batch of batchesOf(added, bytesOf)) {
    inserted.push(...(await insertAdded(tx, into, batch)))
    if (inserted.length < many) continue
    // Foreign keys are checked as was planned on small tables, by reading all of each, until the database hears that they grew.
    await gatherStatistics(tx)
    many *= 4
  }
  return inserted
}

/** Of fewer rows a database reads all as quickly as by an index. */
const MANY = 500

/**
 * Joins planned on old statistics may take many seconds; PostgreSQL gathers new ones in a while, PGlite never. Whoever gathers holds on to
 * that until its transaction ends: another one waits for nobody, and goes without.
 */
export async function gatherStatistics(tx: Database): Promise<void> {
  await tx.execute(sql`analyze (skip_locked) ${operations}, ${operationVersions}, ${tools}, ${serverTools}`)
}

function bytesOf({ derived }: Added | Kept): number {
  return derived.definition.byteLength
}

async function insertAdded(tx: Database, into: Import, batch: readonly Added[]): Promise<ServedTool[]> {
  const { workspaceId, upstreamId } = into
  const newOperations = batch.map(({ derived: { method, path, operationId = null } }) => {
    return { workspaceId, id: newId('op'), upstreamId, method, path, origin: 'spec' as const, operationId }
  })
  const versions = batch.map(({ derived }, index) => versionOf(into, newOperations[index]!.id, derived))
  const newTools = batch.map(({ toolName, enable }, index) => {
    const { operationId, id: operationVersionId } = versions[index]!
    return {
      workspaceId,
      id: newId('tool'),
      upstreamId,
      operationId,
      operationVersionId,
      name: toolName,
      enabled: enable,
    }
  })
  await insertRows(tx, operations, newOperations)
  await insertRows(tx, operationVersions, versions)
  await insertRows(tx, tools, newTools)
  return newTools.map(({ id, name }) => ({ id, name }))
}

/**
 * Points tools to the version with the new content, which is there already where an operation is as it once was. Enabled tools of
 * a change that is held go on serving what they serve; the new version waits beside it.
 */
async function followChanged(tx: Database, into: Import, batch: readonly Kept[]): Promise<void> {
  const versions = batch.map(({ derived, stored }) => versionOf(into, stored.id, derived))
  await insertRows(tx, operationVersions, versions, { keepExisting: true })
  const pairs = batch.flatMap(({ stored, derived, hold, note }) =>
    stored.tools.map(({ id }) => ({
      id,
      hash: derived.contentHash,
      note: hold ? JSON.stringify(note ?? null) : null,
    })),
  )
  const columns = sql`unnest(${sql.param(pairs.map(({ id }) => id))}::text[], ${sql.param(pairs.map(({ hash }) => hash))}::text[],
    ${sql.param(pairs.map(({ note }) => note))}::text[]) as change (id, hash, note)`
  // Decided here and not by the plan: a disabled tool, which follows, may have been enabled meanwhile.
  const isHeld = sql`(change.note is not null and ${tools.enabled} and ${operationVersions.id} <> ${tools.operationVersionId})`
  await tx
    .update(tools)
    .set({
      operationVersionId: sql`case when ${isHeld} then ${tools.operationVersionId} else ${operationVersions.id} end`,
      pendingVersionId: sql`case when ${isHeld} then ${operationVersions.id} end`,
      pendingNote: sql`case when ${isHeld} then change.note::jsonb end`,
      updatedAt: new Date(),
    })
    .from(sql`${operationVersions}, ${columns}`)
    .where(
      and(
        eq(tools.workspaceId, into.workspaceId),
        eq(operationVersions.workspaceId, into.workspaceId),
        eq(operationVersions.operationId, tools.operationId),
        sql`${tools.id} = change.id and ${operationVersions.contentHash} = change.hash`,
      ),
    )
}

/** An operation is found by where it is now, and by the name that its document gives it. */
async function moveOperations(tx: Database, { workspaceId }: Import, kept: readonly Kept[]): Promise<void> {
  const moved = kept.filter(
    ({ kind, derived, stored }) =>
      kind === 'moved' || (kind === 'changed' && derived.operationId !== stored.operationId),
  )
  for (const batch of batchesOf(moved)) {
    const ids = sql.param(batch.map(({ stored }) => stored.id))
    const methods = sql.param(batch.map(({ derived }) => derived.method))
    const paths = sql.param(batch.map(({ derived }) => derived.path.replaceAll('\0', '\uFFFD').toWellFormed()))
    const names = sql.param(batch.map(({ derived }) => derived.operationId ?? null))
    // What once stood there and is gone makes room: its identity lives on in what moved.
    await tx.execute(sql`update ${operations} as gone set path = gone.path || ' (gone ' || gone.id || ')'
      from unnest(${ids}::text[], ${methods}::text[], ${paths}::text[]) as move (id, method, path), ${operations} as mover
      where mover.workspace_id = ${workspaceId} and mover.id = move.id and gone.workspace_id = ${workspaceId}
      and gone.upstream_id = mover.upstream_id and gone.origin = 'spec' and gone.method = move.method
      and gone.path = move.path and gone.id <> move.id and gone.removed_at is not null`)
    await tx.execute(sql`update ${operations} as o set method = move.method, path = move.path, operation_id = move.name
      from unnest(${ids}::text[], ${methods}::text[], ${paths}::text[], ${names}::text[]) as move (id, method, path, name)
      where o.workspace_id = ${workspaceId} and o.id = move.id`)
  }
}

/** Clears the mark of operations that are in the spec again, and enables what is to be enabled; it disables nothing. */
async function bringBack(tx: Database, { workspaceId }: Import, kept: readonly Kept[]): Promise<void> {
  const returned = kept.filter(({ stored }) => stored.removed).map(({ stored }) => stored.id)
  await tx
    .update(operations)
    .set({ removedAt: null })
    .where(and(eq(operations.workspaceId, workspaceId), among(operations.id, returned)))
  // The first is the one that an import made; what else stands on an operation is somebody's own.
  const enabled = kept.filter(({ enable }) => enable).map(({ stored }) => stored.tools[0]!.id)
  await tx
    .update(tools)
    .set({ enabled: true, updatedAt: new Date() })
    .where(and(eq(tools.workspaceId, workspaceId), among(tools.id, enabled), eq(tools.enabled, false)))
}

/** Only the mark: a tool whose operation is gone is served nowhere, and is as it was when the operation comes back. */
async function markRemoved(tx: Database, { workspaceId }: Import, operationIds: readonly string[]): Promise<void> {
  await tx
    .update(operations)
    .set({ removedAt: new Date() })
    .where(and(eq(operations.workspaceId, workspaceId), among(operations.id, operationIds)))
}

/** The row of a version. Without a revision it is a manual operation's. */
export function versionOf(
  { workspaceId, specRevisionId }: { readonly workspaceId: string; readonly specRevisionId: string | null },
  operationId: string,
  derived: DerivedOperation,
) {
  const { contentHash, definition, tokens, tags, title } = derived
  return { workspaceId, id: newId('ver'), operationId, contentHash, specRevisionId, title, definition, tokens, tags }
}

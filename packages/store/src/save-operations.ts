import type { DerivedOperation, ImportCommit, OperationChange, OperationDefinition } from '@sluice/contract'
import { and, eq, sql } from 'drizzle-orm'
import { among } from './conditions.ts'
import type { Database } from './database.ts'
import { batchesOf, insertRows } from './insert-rows.ts'
import { newId } from './new-id.ts'
import { operations, operationVersions, tools } from './schema.ts'

/** A tool that an import gives to its server. */
export interface ServedTool {
  readonly id: string
  readonly name: string
}

interface Import {
  readonly workspaceId: string
  readonly upstreamId: string
  readonly specRevisionId: string
}
type Added = Extract<OperationChange, { kind: 'added' }>
type Kept = Extract<OperationChange, { kind: 'changed' | 'unchanged' }>

/** Writes an import's operations, their versions and tools. Returns the tools of all that are in the spec. */
export async function saveOperations(
  tx: Database,
  commit: ImportCommit,
  ids: { upstreamId: string; specRevisionId: string },
): Promise<ServedTool[]> {
  const into = { workspaceId: commit.workspaceId, ...ids }
  const added = commit.changes.filter((change) => change.kind === 'added')
  const kept = commit.changes.filter(
    (change): change is Kept => change.kind === 'changed' || change.kind === 'unchanged',
  )
  const removed = commit.changes.filter((change) => change.kind === 'removed')
  for (const batch of batchesOf(kept.filter(({ kind }) => kind === 'changed'))) await followChanged(tx, into, batch)
  await bringBack(tx, into, kept)
  const gone = removed.filter(({ stored }) => !stored.removed).map(({ stored }) => stored.id)
  await markRemoved(tx, into, gone)
  const served: ServedTool[] = kept.flatMap(({ stored }) => stored.tools)
  for (const batch of batchesOf(added)) served.push(...(await insertAdded(tx, into, batch)))
  return served
}

async function insertAdded(tx: Database, into: Import, batch: readonly Added[]): Promise<ServedTool[]> {
  const { workspaceId, upstreamId } = into
  const newOperations = batch.map(({ derived: { method, path } }) => {
    return { workspaceId, id: newId('op'), upstreamId, method, path, origin: 'spec' as const }
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

/** Points tools to the version with the new content, which is there already where an operation is as it once was. */
async function followChanged(tx: Database, into: Import, batch: readonly Kept[]): Promise<void> {
  const versions = batch.map(({ derived, stored }) => versionOf(into, stored.id, derived))
  await insertRows(tx, operationVersions, versions, { keepExisting: true })
  const pairs = batch.flatMap(({ stored, derived }) =>
    stored.tools.map(({ id }) => ({ id, hash: derived.contentHash })),
  )
  const toolIds = pairs.map(({ id }) => id)
  const hashes = pairs.map(({ hash }) => hash)
  await tx
    .update(tools)
    .set({ operationVersionId: sql`${operationVersions.id}`, updatedAt: new Date() })
    .from(operationVersions)
    .where(
      and(
        eq(tools.workspaceId, into.workspaceId),
        eq(operationVersions.workspaceId, into.workspaceId),
        eq(operationVersions.operationId, tools.operationId),
        sql`(${tools.id}, ${operationVersions.contentHash}) in
          (select * from unnest(${sql.param(toolIds)}::text[], ${sql.param(hashes)}::text[]))`,
      ),
    )
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

async function markRemoved(tx: Database, { workspaceId }: Import, operationIds: readonly string[]): Promise<void> {
  await tx
    .update(operations)
    .set({ removedAt: new Date() })
    .where(and(eq(operations.workspaceId, workspaceId), among(operations.id, operationIds)))
  await tx
    .update(tools)
    .set({ enabled: false, updatedAt: new Date() })
    .where(and(eq(tools.workspaceId, workspaceId), among(tools.operationId, operationIds)))
}

/** The row of a version. Without a revision it is a manual operation's. */
export function versionOf(
  { workspaceId, specRevisionId }: { readonly workspaceId: string; readonly specRevisionId: string | null },
  operationId: string,
  derived: DerivedOperation,
) {
  const { contentHash, definition, tokens, tags } = derived
  const { title } = JSON.parse(definition) as OperationDefinition
  return { workspaceId, id: newId('ver'), operationId, contentHash, specRevisionId, title, definition, tokens, tags }
}

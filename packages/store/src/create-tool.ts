import { type ArgumentEdits, type DerivedOperation, type ManualSource, Problem } from '@sluice/contract'
import { and, desc, eq } from 'drizzle-orm'
import { recordAudit } from './audit-events.ts'
import { isRow, refersTo } from './conditions.ts'
import { createOnce } from './create-once.ts'
import type { Database } from './database.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { bumpRevisions } from './revisions.ts'
import { versionOf } from './save-operations.ts'
import { operations, operationVersions, tools, upstreams } from './schema.ts'
import {
  readTool,
  refuseMissingSecrets,
  refuseTakenName,
  type StoredTool,
  serversOfTools,
  type ToolChange,
} from './tools.ts'
import { transact } from './transact.ts'
import { unknownFaults } from './unknown-faults.ts'
import { namedUpstream } from './upstreams.ts'
import type { Changing, Creating, Writing } from './writing.ts'

/** What a new tool stands on: an operation that is stored, or one that somebody described. */
export type ToolSource = { readonly operation: string } | ManualTool

interface ManualTool {
  readonly upstream: string
  readonly derived: DerivedOperation
  readonly manual: ManualSource
}

export interface NewTool {
  readonly name: string
  readonly source: ToolSource
  readonly edits: Omit<ToolChange, 'name'>
}

/**
 * Makes a tool beside those that imports make. Answers its id.
 * @throws Problem `invalid-request` without such an operation or upstream, `conflict` for a name that is taken
 */
export function createTool(store: Store, request: Creating & { readonly tool: NewTool }): Promise<{ id: string }> {
  const { workspaceId, actor, tool } = request
  return createOnce(store, workspaceId, request.once, async (tx) => {
    const base = await settle(tx, workspaceId, tool.source)
    const id = newId('tool')
    await refuseTakenName(tx, { id, upstream: base.upstream }, tool.name, workspaceId)
    await refuseMissingSecrets(tx, workspaceId, tool.edits.arguments)
    const { arguments: argumentEdits = {} as ArgumentEdits, enabled = true, ...texts } = tool.edits
    const { upstreamId, operationId, operationVersionId } = base
    const row = {
      workspaceId,
      id,
      upstreamId,
      operationId,
      operationVersionId,
      name: tool.name,
      enabled,
      argumentEdits,
    }
    await tx.insert(tools).values({ ...row, ...texts })
    const after = { name: tool.name, upstream: base.upstream, method: base.method, path: base.path, ...tool.edits }
    await recordAudit(tx, { workspaceId, actor, action: 'tool.create', target: id, after })
    return { id }
  })
}

/**
 * Makes a manual tool call another operation. It is the same tool: on its servers, in the rights of keys and in the record.
 * @throws Problem `invalid-request` without such an upstream
 */
export function replaceManual(
  store: Store,
  request: Writing & { readonly id: string; readonly source: ManualTool },
): Promise<void> {
  const { workspaceId, actor, id, source } = request
  return transact(store, workspaceId, async (tx) => {
    const before = (await readTool(tx, workspaceId, id))!
    const { operationId, operationVersionId, method, path } = await manualBase(tx, workspaceId, source)
    await tx
      .update(tools)
      .set({ operationId, operationVersionId, updatedAt: new Date() })
      .where(isRow(tools, workspaceId, id))
    const others = and(eq(tools.workspaceId, workspaceId), eq(tools.operationId, before.operation))
    if ((await tx.$count(tools, others)) === 0)
      await tx.delete(operations).where(isRow(operations, workspaceId, before.operation))
    const was = { method: before.method, path: before.path }
    await recordAudit(tx, {
      workspaceId,
      actor,
      action: 'tool.update',
      target: id,
      before: was,
      after: { method, path },
    })
    await bumpRevisions(tx, workspaceId, await serversOfTools(tx, workspaceId, [id]))
  })
}

/**
 * Deletes a tool that was made by hand. False where the workspace has no such tool.
 * @throws Problem `conflict` for the last tool of an operation of a document: the next import would miss it
 */
export function deleteTool(store: Store, request: Changing<StoredTool> & { readonly id: string }): Promise<boolean> {
  const { workspaceId, actor, id } = request
  return transact(store, workspaceId, async (tx) => {
    const [tool] = await tx
      .select({ name: tools.name, operationId: tools.operationId, origin: operations.origin })
      .from(tools)
      .innerJoin(operations, refersTo(tools, tools.operationId, operations))
      .where(isRow(tools, workspaceId, id))
    if (!tool) return false
    request.check?.((await readTool(tx, workspaceId, id))!)
    const { name, operationId, origin } = tool
    const ofOperation = and(eq(tools.workspaceId, workspaceId), eq(tools.operationId, operationId))
    const isLast = (await tx.$count(tools, ofOperation)) === 1
    if (isLast && origin === 'spec') {
      const detail = 'This is the only tool of an operation of the document. Disable it instead.'
      throw new Problem('conflict', { detail })
    }
    const serverIds = await serversOfTools(tx, workspaceId, [id])
    // A manual operation is there for its tools.
    if (isLast) await tx.delete(operations).where(isRow(operations, workspaceId, operationId))
    else await tx.delete(tools).where(isRow(tools, workspaceId, id))
    await recordAudit(tx, { workspaceId, actor, action: 'tool.delete', target: id, before: { name } })
    await bumpRevisions(tx, workspaceId, serverIds)
    return true
  })
}

interface ToolBase {
  readonly upstreamId: string
  readonly upstream: string
  readonly operationId: string
  readonly operationVersionId: string
  readonly method: string
  readonly path: string
}

function settle(tx: Database, workspaceId: string, source: ToolSource): Promise<ToolBase> {
  return 'operation' in source ? storedBase(tx, workspaceId, source.operation) : manualBase(tx, workspaceId, source)
}

/** The version that the operation's oldest tool serves. */
async function storedBase(tx: Database, workspaceId: string, operationId: string): Promise<ToolBase> {
  const [base] = await tx
    .select({
      upstreamId: operations.upstreamId,
      upstream: upstreams.slug,
      operationId: operations.id,
      operationVersionId: tools.operationVersionId,
      method: operations.method,
      path: operations.path,
    })
    .from(operations)
    .innerJoin(upstreams, refersTo(operations, operations.upstreamId, upstreams))
    .innerJoin(tools, and(eq(tools.workspaceId, operations.workspaceId), eq(tools.operationId, operations.id)))
    .where(isRow(operations, workspaceId, operationId))
    .orderBy(tools.id)
    .limit(1)
  if (base) return base
  const errors = await unknownFaults(tx, workspaceId, 'operation', [{ name: operationId, pointer: '/operation/id' }])
  throw new Problem('invalid-request', { detail: errors[0]!.detail, errors })
}

/** A manual operation of the same method and path is told apart by what it says: its versions, as those of a document. */
async function manualBase(
  tx: Database,
  workspaceId: string,
  { upstream, derived, manual }: ManualTool,
): Promise<ToolBase> {
  const { id } = await namedUpstream(tx, workspaceId, upstream)
  const { method, path, contentHash } = derived
  const isIt = and(
    eq(operations.workspaceId, workspaceId),
    eq(operations.upstreamId, id),
    eq(operations.origin, 'manual'),
    eq(operations.method, method),
    eq(operations.path, path),
  )
  await tx
    .insert(operations)
    .values({ workspaceId, id: newId('op'), upstreamId: id, method, path, origin: 'manual' })
    .onConflictDoNothing()
  const [{ id: operationId }] = (await tx.select({ id: operations.id }).from(operations).where(isIt)) as [
    { id: string },
  ]
  await tx
    .insert(operationVersions)
    .values({ ...versionOf({ workspaceId, specRevisionId: null }, operationId, derived), manual })
    .onConflictDoNothing()
  const [version] = await tx
    .select({ id: operationVersions.id })
    .from(operationVersions)
    .where(
      and(
        eq(operationVersions.workspaceId, workspaceId),
        eq(operationVersions.operationId, operationId),
        eq(operationVersions.contentHash, contentHash),
      ),
    )
    .orderBy(desc(operationVersions.id))
  return { upstreamId: id, upstream, operationId, operationVersionId: version!.id, method, path }
}

import type { ToolChoice, UpdatedTools } from '@sluice/contract'
import { and, eq } from 'drizzle-orm'
import { type AuditAction, recordAudits } from './audit-events.ts'
import { among } from './conditions.ts'
import type { Database } from './database.ts'
import { batchesOf } from './insert-rows.ts'
import type { Store } from './open-store.ts'
import { bumpRevisions } from './revisions.ts'
import { tools } from './schema.ts'
import { choice, refuseMissingTools, selectTools, serversOfTools } from './tools.ts'
import { transact } from './transact.ts'
import type { Writing } from './writing.ts'

/** Which tools: those of a filter, those of these ids, or what is in both. */
export interface ManyTools {
  readonly choice: ToolChoice
  readonly ids?: readonly string[] | undefined
}

/**
 * Enables or disables many tools, all at once or none; those whose operation is gone are never enabled.
 * @throws Problem `invalid-request` for ids that the workspace does not have
 */
export function updateTools(
  store: Store,
  request: Writing & ManyTools & { readonly enabled: boolean },
): Promise<UpdatedTools> {
  const { workspaceId, enabled } = request
  return transact(store, workspaceId, async (tx) => {
    const { ids } = request
    if (ids) await refuseMissingTools(tx, workspaceId, ids)
    const chosen = await selectTools(tx).where(
      and(choice(workspaceId, request.choice), ids ? among(tools.id, ids) : undefined),
    )
    const skipped = chosen.filter((tool) => enabled && tool.removed)
    const changed = chosen.filter((tool) => tool.enabled !== enabled && !(enabled && tool.removed)).map(({ id }) => id)
    await tx
      .update(tools)
      .set({ enabled, updatedAt: new Date() })
      .where(and(eq(tools.workspaceId, workspaceId), among(tools.id, changed)))
    await recordEach(tx, request, changed)
    if (changed.length > 0) await bumpRevisions(tx, workspaceId, await serversOfTools(tx, workspaceId, changed))
    return { matched: chosen.length, changed: changed.length, skipped: skipped.length }
  })
}

/** A small event for each: what happened to a tool is found by its id, however many were changed with it. */
async function recordEach(
  tx: Database,
  { workspaceId, actor, enabled }: Writing & { readonly enabled: boolean },
  ids: readonly string[],
): Promise<void> {
  const action: AuditAction = 'tool.update'
  const change = { before: { enabled: !enabled }, after: { enabled } }
  for (const batch of batchesOf(ids)) {
    const events = batch.map((target) => ({ actor, action, target, ...change }))
    await recordAudits(tx, workspaceId, events)
  }
}

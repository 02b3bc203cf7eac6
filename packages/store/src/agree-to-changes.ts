import { Problem, type ToolChoice } from '@sluice/contract'
import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm'
import { recordAudit } from './audit-events.ts'
import { among, isRow, refersTo } from './conditions.ts'
import type { Database } from './database.ts'
import type { Store } from './open-store.ts'
import { bumpRevisions } from './revisions.ts'
import { operations, operationVersions, tools, upstreams } from './schema.ts'
import { choice, serversOfTools } from './tools.ts'
import { transact } from './transact.ts'
import type { Writing } from './writing.ts'

/** Which tools follow: one, or all of a choice. */
export type AgreedTools = { readonly id: string; readonly version?: string } | { readonly choice: ToolChoice }

/**
 * Lets tools serve the version that an import held for them. All of them, or none; each with its own audit event. Undefined
 * where one tool is named and there is none of that id. Answers the ids of those that do now.
 */
export function agreeToChanges(
  store: Store,
  request: Writing & { readonly of: AgreedTools },
): Promise<readonly string[] | undefined> {
  const { workspaceId, actor, of } = request
  return transact(store, workspaceId, async (tx) => {
    if ('id' in of) {
      const [found] = await tx
        .select({ id: tools.id })
        .from(tools)
        .where(isRow(tools, workspaceId, of.id))
      if (!found) return undefined
    }
    const waiting = await tx
      .select({ id: tools.id, from: tools.operationVersionId, to: tools.pendingVersionId, note: tools.pendingNote })
      .from(tools)
      .innerJoin(upstreams, refersTo(tools, tools.upstreamId, upstreams))
      .innerJoin(operations, refersTo(tools, tools.operationId, operations))
      .innerJoin(operationVersions, refersTo(tools, tools.operationVersionId, operationVersions))
      .where(
        and(
          'id' in of ? isRow(tools, workspaceId, of.id) : choice(workspaceId, of.choice),
          isNotNull(tools.pendingVersionId),
        ),
      )
    if ('id' in of) refuseOther(of.version, waiting[0]?.to)
    const ids = waiting.map(({ id }) => id)
    if (ids.length === 0) return ids
    await serveWaiting(tx, workspaceId, among(tools.id, ids))
    for (const { id, from, to, note } of waiting) {
      const [before, after] = [{ version: from }, { version: to, note }]
      await recordAudit(tx, { workspaceId, actor, action: 'tool.agree', target: id, before, after })
    }
    await bumpRevisions(tx, workspaceId, await serversOfTools(tx, workspaceId, ids))
    return ids
  })
}

/** Tools that are chosen serve the version that waits for them. */
export async function serveWaiting(tx: Database, workspaceId: string, chosen: SQL | undefined): Promise<void> {
  await tx
    .update(tools)
    .set({
      operationVersionId: sql`${tools.pendingVersionId}`,
      pendingVersionId: null,
      pendingNote: null,
      updatedAt: new Date(),
    })
    .where(and(eq(tools.workspaceId, workspaceId), chosen, isNotNull(tools.pendingVersionId)))
}

/** @throws Problem `conflict` where what waits is not what was looked at */
function refuseOther(seen: string | undefined, waits: string | null | undefined): void {
  if (seen === undefined || seen === waits) return
  const detail = waits ? `What waits now is another version: ${waits}.` : 'Nothing waits any more.'
  const fix = 'Look at it again: GET /tools?pending=true.'
  throw new Problem('conflict', { detail, errors: [{ pointer: 'version', detail, fix }] })
}

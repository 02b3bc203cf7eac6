import { and, eq, inArray, sql } from 'drizzle-orm'
import { refersTo } from './conditions.ts'
import type { Database } from './database.ts'
import { REVISION_CHANNEL } from './engine.ts'
import { servers, serverTools, tools } from './schema.ts'

/** Tells every gateway, once the transaction is committed, that these servers are not what they were. */
export async function bumpRevisions(tx: Database, workspaceId: string, serverIds: readonly string[]): Promise<void> {
  if (serverIds.length === 0) return
  await tx
    .update(servers)
    .set({ revision: sql`${servers.revision} + 1` })
    .where(and(eq(servers.workspaceId, workspaceId), inArray(servers.id, [...serverIds])))
  await tx.execute(sql`select pg_notify(${REVISION_CHANNEL}, '')`)
}

/** The servers that have a tool of an upstream. */
export async function serversOfUpstream(tx: Database, workspaceId: string, upstreamId: string): Promise<string[]> {
  const rows = await tx
    .selectDistinct({ id: serverTools.serverId })
    .from(serverTools)
    .innerJoin(tools, refersTo(serverTools, serverTools.toolId, tools))
    .where(and(eq(tools.workspaceId, workspaceId), eq(tools.upstreamId, upstreamId)))
  return rows.map((row) => row.id)
}

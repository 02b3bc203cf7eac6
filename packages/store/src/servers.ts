import type { Server } from '@sluice/contract'
import { and, eq, sql } from 'drizzle-orm'
import { refersTo } from './conditions.ts'
import type { Database } from './database.ts'
import type { Store } from './open-store.ts'
import { servers, serverTools, tools } from './schema.ts'

/** A server as it is stored: its URL depends on where the gateway is reached. */
export type StoredServer = Omit<Server, 'url'>

/** By slug. */
export function listServers(store: Store, workspaceId: string): Promise<StoredServer[]> {
  return selectServers(store.db, workspaceId)
}

export async function findServer(store: Store, workspaceId: string, slug: string): Promise<StoredServer | undefined> {
  const [server] = await selectServers(store.db, workspaceId, slug)
  return server
}

async function selectServers(db: Database, workspaceId: string, slug?: string): Promise<StoredServer[]> {
  const rows = await db
    .select({
      id: servers.id,
      slug: servers.slug,
      name: servers.name,
      mode: servers.mode,
      revision: servers.revision,
      enabled: sql`count(*) filter (where ${tools.enabled})`.mapWith(Number),
      total: sql`count(${tools.id})`.mapWith(Number),
    })
    .from(servers)
    .leftJoin(serverTools, refersTo(serverTools, serverTools.serverId, servers))
    .leftJoin(tools, refersTo(serverTools, serverTools.toolId, tools))
    .where(and(eq(servers.workspaceId, workspaceId), slug === undefined ? undefined : eq(servers.slug, slug)))
    .groupBy(servers.workspaceId, servers.id)
    .orderBy(servers.slug)
  return rows.map(({ enabled, total, ...server }) => ({ ...server, tools: { enabled, total } }))
}

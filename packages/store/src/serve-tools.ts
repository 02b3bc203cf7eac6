import { type CreatedAccessKey, type ImportCommit, LIMITS, OWN_TOOL_NAMES } from '@sluice/contract'
import { and, eq, gt, isNull, or, sql } from 'drizzle-orm'
import { insertAccessKey } from './access-keys.ts'
import { claimSlug, numbered } from './claim-slug.ts'
import { refersTo } from './conditions.ts'
import type { Database } from './database.ts'
import { batchesOf, insertRows } from './insert-rows.ts'
import { newId } from './new-id.ts'
import type { SavedTools } from './save-operations.ts'
import { accessKeyServers, accessKeys, servers, serverTools, tools } from './schema.ts'

export interface ClaimedServer {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/**
 * Puts an import's tools on its server, which is made where the workspace has none of that slug. A server that has tools of the
 * upstream gets the new ones alone: what somebody took off it stays off.
 */
export async function serveTools(
  tx: Database,
  commit: ImportCommit,
  { kept, added }: SavedTools,
): Promise<ClaimedServer> {
  const { workspaceId } = commit
  if (!commit.server) throw new Error('an import that is served names its server')
  const server = await claimServer(tx, workspaceId, commit.server)
  const present = await tx
    .select({ toolId: serverTools.toolId, name: sql<string>`coalesce(${serverTools.alias}, ${tools.name})` })
    .from(serverTools)
    .innerJoin(tools, refersTo(serverTools, serverTools.toolId, tools))
    .where(and(eq(serverTools.workspaceId, workspaceId), eq(serverTools.serverId, server.id)))
  const presentIds = new Set(present.map(({ toolId }) => toolId))
  const served = kept.some(({ id }) => presentIds.has(id)) ? added : [...kept, ...added]
  const names = new Set([...OWN_TOOL_NAMES, ...present.map(({ name }) => name)])
  const missing = served.filter(({ id }) => !presentIds.has(id))
  for (const batch of batchesOf(missing)) {
    const rows = batch.map(({ id, name }) => ({
      workspaceId,
      serverId: server.id,
      toolId: id,
      alias: aliasOf(name, commit.upstream.slug, names),
    }))
    await insertRows(tx, serverTools, rows)
  }
  return server
}

/** A new key for a server that has no valid one; else null. */
export async function ensureAccessKey(
  tx: Database,
  commit: ImportCommit,
  server: ClaimedServer,
): Promise<CreatedAccessKey | null> {
  const { workspaceId, actor, accessKeyName } = commit
  const [valid] = await tx
    .select({ id: accessKeys.id })
    .from(accessKeyServers)
    .innerJoin(accessKeys, refersTo(accessKeyServers, accessKeyServers.accessKeyId, accessKeys))
    .where(
      and(
        eq(accessKeyServers.workspaceId, workspaceId),
        eq(accessKeyServers.serverId, server.id),
        isNull(accessKeys.revokedAt),
        or(isNull(accessKeys.expiresAt), gt(accessKeys.expiresAt, new Date())),
      ),
    )
    .limit(1)
  return valid ? null : insertAccessKey(tx, { workspaceId, actor, name: accessKeyName, servers: [server.slug] })
}

/** The workspace's server of that slug, or a new one. A slug is unique in the installation: one that is taken gets a number. */
async function claimServer(
  tx: Database,
  workspaceId: string,
  wanted: { slug: string; name: string },
): Promise<ClaimedServer> {
  let server: ClaimedServer | undefined
  await claimSlug(wanted.slug, async (slug) => {
    await tx
      .insert(servers)
      .values({ workspaceId, id: newId('srv'), slug, name: wanted.name })
      .onConflictDoNothing({ target: servers.slug })
    ;[server] = await tx
      .select({ id: servers.id, slug: servers.slug, name: servers.name })
      .from(servers)
      .where(and(eq(servers.workspaceId, workspaceId), eq(servers.slug, slug)))
    return server !== undefined
  })
  return server!
}

/** The alias under which a tool joins `names`, the names on its server; null where its own is free. */
function aliasOf(name: string, upstreamSlug: string, names: Set<string>): string | null {
  const qualified = `${upstreamSlug.replaceAll('-', '_')}_${name}`
  let free = name
  for (let number = 1; names.has(free); number++) free = numbered(qualified, number, '_', LIMITS.toolNameChars)
  names.add(free)
  return free === name ? null : free
}

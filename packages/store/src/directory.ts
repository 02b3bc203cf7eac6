import type { CallLimits, CatalogServer, Issuer } from '@sluice/contract'
import { getTableColumns, isNull, sql } from 'drizzle-orm'
import { refersTo } from './conditions.ts'
import type { Database } from './database.ts'
import { asLists } from './issuers.ts'
import type { Store } from './open-store.ts'
import { accessKeyServers, accessKeys, issuerServers, issuers, servers } from './schema.ts'
import { readSnapshot } from './transact.ts'

/** All servers, valid keys and issuers of the installation: what a gateway must know to let a caller in. */
export interface Directory {
  readonly servers: ReadonlyArray<Pick<CatalogServer, 'id' | 'workspaceId' | 'slug' | 'revision'>>
  readonly keys: readonly DirectoryKey[]
  readonly issuers: readonly DirectoryIssuer[]
}

/** An AccessKey that is not revoked. */
export interface DirectoryKey {
  readonly id: string
  readonly workspaceId: string
  readonly name: string
  /** `hashKey` of the key. */
  readonly keyHash: string
  /** Milliseconds of `Date.now()`; null: never. */
  readonly expiresAt: number | null
  readonly serverIds: readonly string[]
  /** Null: every tool; with `tags` too, either is enough. */
  readonly toolIds: readonly string[] | null
  readonly tags: readonly string[] | null
  readonly readOnly: boolean
  readonly limits: CallLimits | null
}

/** An issuer whose access tokens open servers. */
export interface DirectoryIssuer extends Omit<Issuer, 'servers' | 'createdAt'> {
  readonly workspaceId: string
  readonly serverIds: readonly string[]
}

export interface ServerRevision {
  readonly id: string
  readonly revision: number
}

/** The directory of all workspaces. Every change of it bumps the revision of the servers it concerns. */
export function readDirectory(store: Store): Promise<Directory> {
  return readSnapshot(store, async (tx) => {
    const { id, workspaceId, slug, revision } = servers
    const keys = await tx
      .select({
        id: accessKeys.id,
        workspaceId: accessKeys.workspaceId,
        name: accessKeys.name,
        keyHash: accessKeys.keyHash,
        expiresAt: accessKeys.expiresAt,
        toolIds: accessKeys.toolIds,
        tags: accessKeys.tags,
        readOnly: accessKeys.readOnly,
        limits: accessKeys.limits,
        serverIds: sql<string[]>`array_agg(${accessKeyServers.serverId})`,
      })
      .from(accessKeys)
      .innerJoin(accessKeyServers, refersTo(accessKeyServers, accessKeyServers.accessKeyId, accessKeys))
      .where(isNull(accessKeys.revokedAt))
      .groupBy(accessKeys.workspaceId, accessKeys.id)
    return {
      servers: await tx.select({ id, workspaceId, slug, revision }).from(servers),
      keys: keys.map((key) => ({ ...key, expiresAt: key.expiresAt?.getTime() ?? null })),
      issuers: await readIssuers(tx),
    }
  })
}

async function readIssuers(tx: Database): Promise<DirectoryIssuer[]> {
  const { createdAt: _, ...columns } = getTableColumns(issuers)
  const rows = await tx
    .select({
      ...columns,
      serverIds: sql<string[]>`array_agg(${issuerServers.serverId} order by ${issuerServers.serverId})`,
    })
    .from(issuers)
    .innerJoin(issuerServers, refersTo(issuerServers, issuerServers.issuerId, issuers))
    .groupBy(issuers.workspaceId, issuers.id)
  return rows.map(asLists)
}

/** For a poll each second: which servers there are, and whether they changed. */
export function readRevisions(store: Store): Promise<ServerRevision[]> {
  return store.db.select({ id: servers.id, revision: servers.revision }).from(servers)
}

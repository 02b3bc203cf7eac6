import type { CatalogServer, CatalogUpstream } from '@sluice/contract'
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { refersTo } from './conditions.ts'
import type { Database } from './database.ts'
import type { Store } from './open-store.ts'
import {
  credentials,
  operations,
  operationVersions,
  secrets,
  servers,
  serverTools,
  tools,
  upstreams,
} from './schema.ts'
import { readSnapshot } from './transact.ts'

/** What a server's `Catalog` is built from, all of one moment. */
export interface CatalogRows {
  readonly server: CatalogServer
  /** Those of `tools`. */
  readonly upstreams: readonly CatalogUpstream[]
  /** Enabled ones whose operation is in the spec, by name. */
  readonly tools: readonly CatalogToolRow[]
}

export interface CatalogToolRow {
  readonly id: string
  readonly upstreamId: string
  /** The name it has on this server. */
  readonly name: string
  /** Null: as the definition says. */
  readonly title: string | null
  /** Null: as the definition says. */
  readonly description: string | null
  readonly responseFilter: string | null
  /** JSON text of an `OperationDefinition`. */
  readonly definition: string
}

/** Undefined where there is no such server. */
export function readCatalogRows(store: Store, serverId: string): Promise<CatalogRows | undefined> {
  return readSnapshot(store, async (tx) => {
    const { id, workspaceId, slug, name, mode, instructions, revision } = servers
    const [server] = await tx
      .select({ id, workspaceId, slug, name, mode, instructions, revision })
      .from(servers)
      .where(eq(servers.id, serverId))
    if (!server) return undefined
    const rows = await selectTools(tx, server)
    const upstreamIds = [...new Set(rows.map((tool) => tool.upstreamId))]
    return { server, tools: rows, upstreams: await selectUpstreams(tx, server.workspaceId, upstreamIds) }
  })
}

function selectTools(tx: Database, server: CatalogServer): Promise<CatalogToolRow[]> {
  const name = sql<string>`coalesce(${serverTools.alias}, ${tools.name})`
  return tx
    .select({
      id: tools.id,
      upstreamId: tools.upstreamId,
      name,
      title: tools.title,
      description: tools.description,
      responseFilter: tools.responseFilter,
      definition: operationVersions.definition,
    })
    .from(serverTools)
    .innerJoin(tools, refersTo(serverTools, serverTools.toolId, tools))
    .innerJoin(operations, refersTo(tools, tools.operationId, operations))
    .innerJoin(operationVersions, refersTo(tools, tools.operationVersionId, operationVersions))
    .where(
      and(
        eq(serverTools.workspaceId, server.workspaceId),
        eq(serverTools.serverId, server.id),
        eq(tools.enabled, true),
        isNull(operations.removedAt),
      ),
    )
    .orderBy(name)
}

async function selectUpstreams(tx: Database, workspaceId: string, ids: string[]): Promise<CatalogUpstream[]> {
  const { id, slug, baseUrl, allow, securitySchemes } = upstreams
  const rows = await tx
    .select({ id, slug, baseUrl, allow, securitySchemes })
    .from(upstreams)
    .where(and(eq(upstreams.workspaceId, workspaceId), inArray(upstreams.id, ids)))
  const found = await tx
    .select({ credential: credentials, secret: secrets })
    .from(credentials)
    .innerJoin(secrets, refersTo(credentials, credentials.secretId, secrets))
    .where(
      and(
        eq(credentials.workspaceId, workspaceId),
        inArray(credentials.upstreamId, ids),
        eq(credentials.subject, 'shared'),
      ),
    )
    .orderBy(credentials.id)
  return rows.map((upstream) => ({
    ...upstream,
    credentials: found
      .filter(({ credential }) => credential.upstreamId === upstream.id)
      .map(({ credential: { id, scheme, origins }, secret: { keyId, sealed, id: secretId } }) => ({
        id,
        scheme,
        origins,
        secret: { keyId, workspaceId, secretId, sealed },
      })),
  }))
}

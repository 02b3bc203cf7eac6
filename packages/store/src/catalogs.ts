import type {
  ArgumentEdits,
  BoundSecret,
  CallSteps,
  CatalogCredential,
  CatalogServer,
  CatalogUpstream,
  ToolCache,
  ToolHints,
  ToolResource,
} from '@sluice/contract'
import { and, eq, inArray, isNull, not, sql } from 'drizzle-orm'
import { isRow, isUnset, refersTo } from './conditions.ts'
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
import { type ServerOffers, selectOffers } from './server-offers.ts'
import { readSnapshot } from './transact.ts'

/** What a server's `Catalog` is built from, all of one moment. */
export interface CatalogRows extends ServerOffers {
  readonly server: CatalogServer
  /** Those of `tools`. */
  readonly upstreams: readonly CatalogUpstream[]
  /** Enabled ones whose operation is in the spec, by name. */
  readonly tools: readonly CatalogToolRow[]
  /** Those that arguments are fixed to, by id. */
  readonly secrets: ReadonlyMap<string, BoundSecret>
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
  readonly steps: CallSteps
  /** Null: answers are not kept. */
  readonly cache: ToolCache | null
  /** The agent may pick from its answers. */
  readonly offersProjection: boolean
  /** An answer was more than a result may cost. */
  readonly hasLargeAnswers: boolean
  /** Its answers come as values too. */
  readonly structuredContent: boolean
  /** Null: as the definition says. */
  readonly annotations: ToolHints | null
  /** Null: no resource. */
  readonly resource: ToolResource | null
  readonly tags: readonly string[]
  readonly argumentEdits: ArgumentEdits
  readonly unlisted: boolean
  readonly pinned: boolean
  /** Id of the version that `definition` is of. */
  readonly operationVersion: string
  /** Null for what was made by hand. */
  readonly specRevision: string | null
  /** JSON text of an `OperationDefinition`. */
  readonly definition: string
}

/** Undefined where there is no such server. */
export function readCatalogRows(store: Store, serverId: string): Promise<CatalogRows | undefined> {
  return readSnapshot(store, async (tx) => {
    const { id, workspaceId, slug, name, mode, codeCalls, recordContent, instructions, limits, revision } = servers
    const [server] = await tx
      .select({ id, workspaceId, slug, name, mode, codeCalls, recordContent, instructions, limits, revision })
      .from(servers)
      .where(eq(servers.id, serverId))
    if (!server) return undefined
    const rows = await selectTools(tx, server)
    const upstreamIds = [...new Set(rows.map((tool) => tool.upstreamId))]
    return {
      server,
      tools: rows,
      upstreams: await selectUpstreams(tx, server.workspaceId, upstreamIds),
      secrets: await selectSecrets(tx, server.workspaceId, rows),
      ...(await selectOffers(tx, server.workspaceId, server.id)),
    }
  })
}

function selectTools(tx: Database, server: CatalogServer): Promise<CatalogToolRow[]> {
  const name = sql<string>`coalesce(${serverTools.alias}, ${tools.name})`
  return tx
    .select({ ...TOOL, name, unlisted: serverTools.unlisted, pinned: serverTools.pinned })
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
  const { id, slug, baseUrl, allow, securitySchemes, responseFilter, steps, policy } = upstreams
  const rows = await tx
    .select({ id, slug, baseUrl, allow, securitySchemes, responseFilter, steps, policy })
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
        // One that is only named so far is missing, and calls say so.
        not(isUnset(secrets.sealed)),
      ),
    )
    .orderBy(credentials.id)
  const parts = await secretsById(
    tx,
    workspaceId,
    found.flatMap(({ credential }) => Object.values(credential.parts)),
  )
  return rows.map(({ responseFilter, ...upstream }) => ({
    ...upstream,
    ...(responseFilter === null ? {} : { responseFilter }),
    credentials: found
      .filter(({ credential }) => credential.upstreamId === upstream.id)
      .map((row) => catalogCredential(row, parts)),
  }))
}

interface CredentialRow {
  readonly credential: typeof credentials.$inferSelect
  readonly secret: typeof secrets.$inferSelect
}

function catalogCredential(
  { credential, secret }: CredentialRow,
  secretsById: ReadonlyMap<string, BoundSecret>,
): CatalogCredential {
  const { id, scheme, origins, placement, tokenGrant } = credential
  const parts = Object.entries(credential.parts).flatMap(([name, secretId]) => {
    const part = secretsById.get(secretId)
    return part ? [[name, part] as const] : []
  })
  return {
    id,
    scheme,
    origins,
    ...(placement ? { placement } : {}),
    ...(tokenGrant ? { grant: tokenGrant } : {}),
    ...(parts.length > 0 ? { parts: Object.fromEntries(parts) } : {}),
    secret: { keyId: secret.keyId, workspaceId: secret.workspaceId, secretId: secret.id, sealed: secret.sealed },
  }
}

/** An upstream as calls see it. */
export function readCatalogUpstream(
  store: Store,
  workspaceId: string,
  slug: string,
): Promise<CatalogUpstream | undefined> {
  return readSnapshot(store, async (tx) => {
    const [row] = await tx
      .select({ id: upstreams.id })
      .from(upstreams)
      .where(and(eq(upstreams.workspaceId, workspaceId), eq(upstreams.slug, slug)))
    return row && (await selectUpstreams(tx, workspaceId, [row.id]))[0]
  })
}

/** One tool as calls see it, on a server or not, enabled or not. */
export function readCatalogTool(
  store: Store,
  workspaceId: string,
  toolId: string,
): Promise<Pick<CatalogRows, 'upstreams' | 'tools' | 'secrets'> | undefined> {
  return readSnapshot(store, async (tx) => {
    const rows = await tx
      .select({ ...TOOL, name: tools.name, unlisted: sql<boolean>`false`, pinned: sql<boolean>`false` })
      .from(tools)
      .innerJoin(operationVersions, refersTo(tools, tools.operationVersionId, operationVersions))
      .where(isRow(tools, workspaceId, toolId))
    const [tool] = rows
    if (!tool) return undefined
    const upstreams = await selectUpstreams(tx, workspaceId, [tool.upstreamId])
    return { tools: rows, upstreams, secrets: await selectSecrets(tx, workspaceId, rows) }
  })
}

const TOOL = {
  id: tools.id,
  upstreamId: tools.upstreamId,
  title: tools.title,
  description: tools.description,
  responseFilter: tools.responseFilter,
  steps: tools.steps,
  cache: tools.cache,
  structuredContent: tools.structuredContent,
  annotations: tools.annotations,
  resource: tools.resource,
  hasLargeAnswers: sql<boolean>`${tools.largeAnswerAt} is not null`,
  offersProjection: sql<boolean>`(${tools.projection} = 'always' or (${tools.projection} = 'auto' and ${tools.largeAnswerAt} is not null))`,
  tags: sql<string[]>`coalesce(${tools.tags}, ${operationVersions.tags})`,
  argumentEdits: tools.argumentEdits,
  operationVersion: tools.operationVersionId,
  specRevision: operationVersions.specRevisionId,
  definition: operationVersions.definition,
}

function selectSecrets(
  tx: Database,
  workspaceId: string,
  rows: readonly CatalogToolRow[],
): Promise<Map<string, BoundSecret>> {
  const edits = rows.flatMap(({ argumentEdits }) => Object.values(argumentEdits))
  return secretsById(
    tx,
    workspaceId,
    edits.flatMap((edit) => ('secret' in edit ? [edit.secret] : [])),
  )
}

async function secretsById(
  tx: Database,
  workspaceId: string,
  secretIds: readonly string[],
): Promise<Map<string, BoundSecret>> {
  const ids = [...new Set(secretIds)]
  if (ids.length === 0) return new Map()
  const found = await tx
    .select()
    .from(secrets)
    .where(and(eq(secrets.workspaceId, workspaceId), inArray(secrets.id, ids)))
  return new Map(
    found.map(({ id, keyId, sealed, origins }) => [
      id,
      { secret: { keyId, sealed, workspaceId, secretId: id }, origins },
    ]),
  )
}

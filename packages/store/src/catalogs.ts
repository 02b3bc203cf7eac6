import type {
  ArgumentEdits,
  BoundSecret,
  CallSteps,
  CatalogServer,
  CatalogUpstream,
  ToolCache,
  ToolHints,
  ToolResource,
} from '@sluice/contract'
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { secretsById, selectUpstreams } from './catalog-upstreams.ts'
import { among, isRow, refersTo } from './conditions.ts'
import type { Database } from './database.ts'
import type { Store } from './open-store.ts'
import { operations, operationVersions, servers, serverTools, tools } from './schema.ts'
import { type ServerOffers, selectOffers } from './server-offers.ts'
import { readSnapshot } from './transact.ts'

/** What a server's `Catalog` is built from, all of one moment, but for the definitions: those of thousands of tools are hundreds of megabytes. */
export interface CatalogOutline extends ServerOffers {
  readonly server: CatalogServer
  /** Those of `tools`. */
  readonly upstreams: readonly CatalogUpstream[]
  /** Enabled ones whose operation is in the spec. */
  readonly tools: readonly CatalogToolOutline[]
  /** Those that arguments are fixed to, by id. */
  readonly secrets: ReadonlyMap<string, BoundSecret>
}

/** All of it. */
export interface CatalogRows extends CatalogOutline {
  readonly tools: readonly CatalogToolRow[]
}

export interface CatalogToolOutline {
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
  /** As the definition has it: about what its entry in a list costs. */
  readonly tokens: number
  readonly argumentEdits: ArgumentEdits
  readonly unlisted: boolean
  readonly pinned: boolean
  /** Id of the version that its definition is of. */
  readonly operationVersion: string
  /** Null for what was made by hand. */
  readonly specRevision: string | null
}

export interface CatalogToolRow extends CatalogToolOutline {
  /** An `OperationDefinition`, packed. */
  readonly definition: Uint8Array
}

/** Undefined where there is no such server. */
export function readCatalogOutline(store: Store, serverId: string): Promise<CatalogOutline | undefined> {
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

/** In slices, so that no event loop is held by thousands of rows at once. */
async function selectTools(tx: Database, server: CatalogServer): Promise<CatalogToolOutline[]> {
  const found: CatalogToolOutline[] = []
  for (;;) {
    const slice = await selectSlice(tx, server, found.at(-1)?.id ?? '')
    found.push(...slice)
    if (slice.length < SLICE) return found
  }
}

const SLICE = 500

function selectSlice(tx: Database, server: CatalogServer, after: string): Promise<CatalogToolOutline[]> {
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
        gt(serverTools.toolId, after),
        eq(tools.enabled, true),
        isNull(operations.removedAt),
      ),
    )
    .orderBy(serverTools.toolId)
    .limit(SLICE)
}

/** Definitions of versions, which never change, packed, by id. A version that is gone has none. */
export async function readDefinitions(
  store: Store,
  workspaceId: string,
  versionIds: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { id, definition } = operationVersions
  const rows = await store.db
    .select({ id, definition })
    .from(operationVersions)
    .where(and(eq(operationVersions.workspaceId, workspaceId), among(id, versionIds)))
  return new Map(rows.map((row) => [row.id, row.definition]))
}

/** One tool as calls see it, on a server or not, enabled or not. */
export function readCatalogTool(
  store: Store,
  workspaceId: string,
  toolId: string,
): Promise<Pick<CatalogRows, 'upstreams' | 'tools' | 'secrets'> | undefined> {
  return readSnapshot(store, async (tx) => {
    const rows = await tx
      .select({
        ...TOOL,
        definition: operationVersions.definition,
        name: tools.name,
        unlisted: sql<boolean>`false`,
        pinned: sql<boolean>`false`,
      })
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
  tokens: operationVersions.tokens,
  argumentEdits: tools.argumentEdits,
  operationVersion: tools.operationVersionId,
  specRevision: operationVersions.specRevisionId,
}

function selectSecrets(
  tx: Database,
  workspaceId: string,
  rows: readonly CatalogToolOutline[],
): Promise<Map<string, BoundSecret>> {
  const edits = rows.flatMap(({ argumentEdits }) => Object.values(argumentEdits))
  return secretsById(
    tx,
    workspaceId,
    edits.flatMap((edit) => ('secret' in edit ? [edit.secret] : [])),
  )
}

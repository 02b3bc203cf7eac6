import type { HoldPolicy, SecurityScheme, StoredOperation } from '@sluice/contract'
import { and, desc, eq, gte, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { refersTo } from './conditions.ts'
import type { Database } from './database.ts'
import type { Store } from './open-store.ts'
import { operations, operationVersions, servers, serverTools, specRevisions, tools, upstreams } from './schema.ts'
import { readSnapshot } from './transact.ts'

export function readStoredOperations(store: Store, workspaceId: string, upstreamSlug: string): Promise<StoredImport> {
  return readSnapshot(store, (tx) => selectStored(tx, workspaceId, upstreamSlug))
}

/** What is stored of an upstream, as far as an import is planned on it. */
export interface StoredImport {
  /** Undefined: the workspace has none of that slug, and `operations` is empty. */
  readonly upstream: StoredUpstream | undefined
  /** Those of documents, by path; those that were removed, too. */
  readonly operations: readonly StoredOperation[]
  /** Names of the upstream's other tools. */
  readonly takenNames: readonly string[]
  /** Slugs of the servers that have its tools, the one with most first. */
  readonly servers: readonly string[]
  /** SHA-256 of the document that was imported last, hex. */
  readonly documentHash: string | undefined
}

export interface StoredUpstream {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly baseUrl: string
  readonly allow: readonly string[]
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>
  readonly holdChanges: HoldPolicy
  readonly overlay: string | null
  readonly externalRefs: readonly string[]
}

/** The same in a transaction. */
export async function selectStored(tx: Database, workspaceId: string, slug: string): Promise<StoredImport> {
  const { id, name, baseUrl, allow, securitySchemes, holdChanges, overlay, externalRefs } = upstreams
  const [upstream] = await tx
    .select({ id, slug: upstreams.slug, name, baseUrl, allow, securitySchemes, holdChanges, overlay, externalRefs })
    .from(upstreams)
    .where(and(eq(upstreams.workspaceId, workspaceId), eq(upstreams.slug, slug)))
  if (!upstream) return { upstream: undefined, operations: [], takenNames: [], servers: [], documentHash: undefined }
  const { byId, takenNames } = await selectStoredTools(tx, workspaceId, upstream.id)
  return {
    upstream,
    operations: [...byId.values()].map(asStored).toSorted(inOrder),
    takenNames,
    servers: await serversWith(tx, workspaceId, upstream.id),
    documentHash: (await latestRevision(tx, workspaceId, upstream.id))?.contentHash,
  }
}

type StoredRow = Awaited<ReturnType<typeof selectSlice>>[number]

/** By operation, and the names of what was made by hand; in slices, so that no event loop is held by thousands of rows at once. */
async function selectStoredTools(tx: Database, workspaceId: string, upstreamId: string) {
  const byId = new Map<string, StoredRow[]>()
  const takenNames: string[] = []
  for (let last: StoredRow | undefined; ; ) {
    const slice = await selectSlice(tx, workspaceId, upstreamId, last)
    for (const row of slice) {
      const others = byId.get(row.id)
      if (row.origin === 'manual') takenNames.push(row.tool.name)
      else if (others) others.push(row)
      else byId.set(row.id, [row])
    }
    if (slice.length < SLICE) return { byId, takenNames }
    last = slice.at(-1)
  }
}

const SLICE = 500

function selectSlice(
  tx: Database,
  workspaceId: string,
  upstreamId: string,
  after?: { id: string; tool: { id: string } },
) {
  // An index finds where to go on by the first; the second is exact.
  const isAfter =
    after && and(gte(operations.id, after.id), sql`(${operations.id}, ${tools.id}) > (${after.id}, ${after.tool.id})`)
  return tx
    .select({
      id: operations.id,
      method: operations.method,
      path: operations.path,
      origin: operations.origin,
      // What the document last said, agreed to or not: the same text again changes nothing.
      contentHash: sql<string>`coalesce(${pending.contentHash}, ${operationVersions.contentHash})`,
      operationId: operations.operationId,
      removedAt: operations.removedAt,
      tool: { id: tools.id, name: tools.name, enabled: tools.enabled, argumentEdits: tools.argumentEdits },
    })
    .from(operations)
    .innerJoin(tools, refersTo(tools, tools.operationId, operations))
    .innerJoin(operationVersions, refersTo(tools, tools.operationVersionId, operationVersions))
    .leftJoin(pending, and(eq(pending.workspaceId, tools.workspaceId), eq(pending.id, tools.pendingVersionId)))
    .where(and(eq(operations.workspaceId, workspaceId), eq(operations.upstreamId, upstreamId), isAfter))
    .orderBy(operations.id, tools.id)
    .limit(SLICE)
}

/** The rows of one operation, the oldest tool first. */
function asStored(rows: readonly StoredRow[]): StoredOperation {
  const { id, method, path, contentHash, operationId, removedAt } = rows[0]!
  const name = operationId === null ? {} : { operationId }
  const removed = removedAt !== null
  return { id, method, path, contentHash, ...name, removed, tools: rows.map(({ tool }) => withoutNothing(tool)) }
}

/** By path, and by method. */
function inOrder(a: StoredOperation, b: StoredOperation): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1
  return a.method < b.method ? -1 : a.method > b.method ? 1 : 0
}

async function serversWith(tx: Database, workspaceId: string, upstreamId: string): Promise<string[]> {
  const rows = await tx
    .select({ slug: servers.slug, tools: sql<number>`count(*)`.mapWith(Number) })
    .from(serverTools)
    .innerJoin(servers, refersTo(serverTools, serverTools.serverId, servers))
    .innerJoin(tools, refersTo(serverTools, serverTools.toolId, tools))
    .where(and(eq(serverTools.workspaceId, workspaceId), eq(tools.upstreamId, upstreamId)))
    .groupBy(servers.slug)
  return rows.toSorted((a, b) => b.tools - a.tools || (a.slug < b.slug ? -1 : 1)).map(({ slug }) => slug)
}

/** What was imported last. */
export async function latestRevision(tx: Database, workspaceId: string, upstreamId: string) {
  const [latest] = await tx
    .select({ id: specRevisions.id, contentHash: specRevisions.contentHash, sourceUrl: specRevisions.sourceUrl })
    .from(specRevisions)
    .where(and(eq(specRevisions.workspaceId, workspaceId), eq(specRevisions.upstreamId, upstreamId)))
    .orderBy(desc(specRevisions.createdAt), desc(specRevisions.id))
    .limit(1)
  return latest
}

/** Edits that there are. */
function withoutNothing({
  argumentEdits,
  ...tool
}: StoredOperation['tools'][number]): StoredOperation['tools'][number] {
  return Object.keys(argumentEdits ?? {}).length > 0 ? { ...tool, argumentEdits: argumentEdits! } : tool
}

const pending = alias(operationVersions, 'pending_version')

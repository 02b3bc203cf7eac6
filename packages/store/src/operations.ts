import type { OperationRecord, OperationVersion, PageOf, PageRequest } from '@sluice/contract'
import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { holds, is, isRow, refersTo, subquery } from './conditions.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { operations, operationVersions, tools, upstreams } from './schema.ts'
import { upstreamId } from './upstreams.ts'

export interface OperationFilter {
  readonly method?: string
  readonly origin?: 'spec' | 'manual'
  readonly removed?: boolean
  /** Part of the path. */
  readonly q?: string
}

/** @throws Problem `not-found` where the workspace has no such upstream */
export async function listOperations(
  store: Store,
  workspaceId: string,
  slug: string,
  request: PageRequest & OperationFilter,
): Promise<PageOf<OperationRecord>> {
  const page = planPage<Row>(
    request,
    {
      path: operations.path,
      method: operations.method,
    },
    operations.id,
  )
  const id = await upstreamId(store.db, workspaceId, slug)
  const { method, origin, removed } = request
  const rows = await select(store)
    .where(
      and(
        eq(operations.workspaceId, workspaceId),
        eq(operations.upstreamId, id),
        is(operations.method, method?.toUpperCase()),
        is(operations.origin, origin),
        removed === undefined ? undefined : (removed ? isNotNull : isNull)(operations.removedAt),
        holds([operations.path], request.q),
        page.where,
      ),
    )
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, toRecord)
}

/** Whether any operation of a workspace is of a method. */
export async function hasMethod(store: Store, workspaceId: string, method: string): Promise<boolean> {
  const isOfIt = and(eq(operations.workspaceId, workspaceId), eq(operations.method, method))
  const found = await store.db.select({ id: operations.id }).from(operations).where(isOfIt).limit(1)
  return found.length > 0
}

export async function findOperation(
  store: Store,
  workspaceId: string,
  id: string,
): Promise<OperationRecord | undefined> {
  const [row] = await select(store).where(isRow(operations, workspaceId, id))
  return row && toRecord(row)
}

/** What was said of an operation from time to time, the newest first; none where there is no such operation. */
export async function listOperationVersions(
  store: Store,
  workspaceId: string,
  operationId: string,
  request: PageRequest,
): Promise<PageOf<OperationVersion>> {
  // Ids sort by age.
  const page = planPage<Version>({ sort: '-id', ...request }, { id: operationVersions.id }, operationVersions.id)
  const rows = await store.db
    .select(VERSION)
    .from(operationVersions)
    .where(
      and(eq(operationVersions.workspaceId, workspaceId), eq(operationVersions.operationId, operationId), page.where),
    )
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, (row) => ({ ...row, tags: [...row.tags] }))
}

/** A version with its `OperationDefinition`, packed. */
export async function findOperationVersion(
  store: Store,
  workspaceId: string,
  operationId: string,
  id: string,
): Promise<(OperationVersion & { readonly definition: Uint8Array }) | undefined> {
  const [row] = await store.db
    .select({ ...VERSION, definition: operationVersions.definition })
    .from(operationVersions)
    .where(and(isRow(operationVersions, workspaceId, id), eq(operationVersions.operationId, operationId)))
  return row && { ...row, tags: [...row.tags] }
}

const VERSION = {
  id: operationVersions.id,
  title: operationVersions.title,
  tags: operationVersions.tags,
  tokens: operationVersions.tokens,
  contentHash: operationVersions.contentHash,
  specRevision: operationVersions.specRevisionId,
  tools: subquery<string[]>(sql`select coalesce(array_agg(${tools.id} order by ${tools.id}), '{}') from ${tools}
    where ${tools.workspaceId} = ${operationVersions.workspaceId} and ${tools.operationVersionId} = ${operationVersions.id}`),
}

type Version = Omit<OperationVersion, 'tags'> & { readonly tags: readonly string[] }

function select(store: Store) {
  return store.db
    .select({
      id: operations.id,
      upstream: upstreams.slug,
      method: operations.method,
      path: operations.path,
      origin: operations.origin,
      removedAt: operations.removedAt,
      tools: subquery<
        OperationRecord['tools']
      >(sql`select coalesce(json_agg(json_build_object('id', ${tools.id}, 'name', ${tools.name},
        'enabled', ${tools.enabled}) order by ${tools.id}), '[]') from ${tools}
        where ${tools.workspaceId} = ${operations.workspaceId} and ${tools.operationId} = ${operations.id}`),
    })
    .from(operations)
    .innerJoin(upstreams, refersTo(operations, operations.upstreamId, upstreams))
}

type Row = Awaited<ReturnType<typeof select>>[number]

function toRecord({ removedAt, ...row }: Row): OperationRecord {
  return { ...row, removedAt: removedAt?.toISOString() ?? null }
}

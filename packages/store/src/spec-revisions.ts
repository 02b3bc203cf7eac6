import type { PageOf, PageRequest, SpecRevision, SpecRevisionDetail } from '@sluice/contract'
import { and, eq } from 'drizzle-orm'
import { isRow, refersTo } from './conditions.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { receivedBytes, receivedLength } from './received-bytes.ts'
import { specRevisions, upstreams } from './schema.ts'
import { upstreamId } from './upstreams.ts'

/** The revisions of an upstream's document, the newest first unless asked otherwise. @throws Problem `not-found` */
export async function listSpecRevisions(
  store: Store,
  workspaceId: string,
  slug: string,
  request: PageRequest,
): Promise<PageOf<SpecRevision>> {
  const page = planPage<Row>(
    { sort: '-createdAt', ...request },
    { createdAt: specRevisions.createdAt },
    specRevisions.id,
  )
  const id = await upstreamId(store.db, workspaceId, slug)
  const rows = await select(store)
    .where(and(eq(specRevisions.workspaceId, workspaceId), eq(specRevisions.upstreamId, id), page.where))
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, toSpecRevision)
}

export async function findSpecRevision(
  store: Store,
  workspaceId: string,
  id: string,
): Promise<SpecRevisionDetail | undefined> {
  const [row] = await select(store).where(isRow(specRevisions, workspaceId, id))
  return row && { ...toSpecRevision(row), diagnostics: [...row.diagnostics] }
}

/** The document, byte for byte as it was received. */
export async function readSpecDocument(store: Store, workspaceId: string, id: string): Promise<Uint8Array | undefined> {
  const [row] = await store.db
    .select({ received: specRevisions.received })
    .from(specRevisions)
    .where(isRow(specRevisions, workspaceId, id))
  return row && receivedBytes(row.received)
}

const COLUMNS = {
  id: specRevisions.id,
  upstream: upstreams.slug,
  sourceUrl: specRevisions.sourceUrl,
  contentHash: specRevisions.contentHash,
  bytes: receivedLength,
  declaredVersion: specRevisions.declaredVersion,
  coverage: specRevisions.coverage,
  diagnostics: specRevisions.diagnostics,
  createdAt: specRevisions.createdAt,
}

function select(store: Store) {
  return store.db
    .select(COLUMNS)
    .from(specRevisions)
    .innerJoin(upstreams, refersTo(specRevisions, specRevisions.upstreamId, upstreams))
}

type Row = Awaited<ReturnType<typeof select>>[number]

function toSpecRevision({ diagnostics: _diagnostics, createdAt, ...row }: Row): SpecRevision {
  return { ...row, createdAt: createdAt.toISOString() }
}

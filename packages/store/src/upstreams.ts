import {
  type CreateUpstream,
  type PageOf,
  type PageRequest,
  Problem,
  type UpdateUpstream,
  type Upstream,
} from '@sluice/contract'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { fieldsBefore, recordAudit } from './audit-events.ts'
import { claimSlug } from './claim-slug.ts'
import { holds, isRow, subquery } from './conditions.ts'
import { createOnce } from './create-once.ts'
import type { Database } from './database.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { bumpRevisions, serversOfUpstream } from './revisions.ts'
import { credentials, secrets, tools, upstreams } from './schema.ts'
import { transact } from './transact.ts'
import { unknownFaults } from './unknown-faults.ts'
import type { Changing, Creating } from './writing.ts'

export async function listUpstreams(
  store: Store,
  workspaceId: string,
  request: PageRequest & { readonly q?: string },
): Promise<PageOf<Upstream>> {
  const page = planPage<Row>(
    request,
    {
      slug: upstreams.slug,
      name: upstreams.name,
      createdAt: upstreams.createdAt,
    },
    upstreams.id,
  )
  const rows = await select(store.db)
    .where(
      and(
        eq(upstreams.workspaceId, workspaceId),
        holds([upstreams.slug, upstreams.name, upstreams.baseUrl], request.q),
        page.where,
      ),
    )
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, toUpstream)
}

export function findUpstream(store: Store, workspaceId: string, slug: string): Promise<Upstream | undefined> {
  return findBySlug(store.db, workspaceId, slug)
}

/** The upstream that the body of a manual tool names. @throws Problem `invalid-request`, with the nearest slug */
export function findNamedUpstream(store: Store, workspaceId: string, slug: string): Promise<Upstream> {
  return namedUpstream(store.db, workspaceId, slug)
}

/** `findNamedUpstream` inside a transaction. */
export async function namedUpstream(db: Database, workspaceId: string, slug: string): Promise<Upstream> {
  const found = await findBySlug(db, workspaceId, slug)
  if (found) return found
  const errors = await unknownFaults(db, workspaceId, 'upstream', [{ name: slug, pointer: '/manual/upstream' }])
  throw new Problem('invalid-request', { detail: errors[0]!.detail, errors })
}

/** Makes an upstream without a document, for manual tools. */
export function createUpstream(
  store: Store,
  request: Creating & { readonly values: Omit<CreateUpstream, 'slug'> & { readonly slug: string } },
): Promise<Upstream> {
  const { workspaceId, actor, values } = request
  return createOnce(store, workspaceId, request.once, async (tx) => {
    const isFree = async (slug: string) => !(await findBySlug(tx, workspaceId, slug))
    const slug = await claimSlug(values.slug, isFree)
    const { name, baseUrl } = values
    const id = newId('up')
    await tx.insert(upstreams).values({ workspaceId, id, slug, name, baseUrl, securitySchemes: {}, allow: [] })
    await recordAudit(tx, { workspaceId, actor, action: 'upstream.create', target: id, after: { slug, name, baseUrl } })
    return (await findBySlug(tx, workspaceId, slug))!
  })
}

/**
 * Changes an upstream. Where its base URL gets another origin, no credential follows: each is bound to the origins it was
 * given for (S42). Undefined where the workspace has none of that slug.
 *
 * @throws Problem `conflict` for a slug that is taken
 */
export function updateUpstream(
  store: Store,
  request: Changing<Upstream> & { readonly slug: string; readonly change: UpdateUpstream },
): Promise<Upstream | undefined> {
  return change(store, request, 'upstream.update', async (tx, current) => {
    const { slug } = request.change
    if (slug !== undefined && slug !== current.slug && (await findBySlug(tx, request.workspaceId, slug))) {
      const detail = `There is an upstream "${slug}" already.`
      const fix = 'Choose another slug.'
      throw new Problem('conflict', { detail, errors: [{ pointer: '/slug', detail, fix }] })
    }
    const { refreshMinutes, ...rest } = request.change
    return { ...rest, ...(refreshMinutes === undefined ? {} : schedule(current, refreshMinutes)) }
  })
}

/** @throws Problem `conflict` where there is nothing to fetch */
function schedule({ refresh }: Upstream, minutes: number | null) {
  if (minutes !== null && refresh.url === null) {
    const detail =
      'There is no URL to fetch its document from: it was sent, or its URL has a query, which may hold a token.'
    const fix = 'Import it again by a URL without a query.'
    throw new Problem('conflict', { detail, errors: [{ pointer: '/refreshMinutes', detail, fix }] })
  }
  return { refreshMinutes: minutes, refreshDueAt: minutes === null ? null : new Date() }
}

/** Sets which private hosts and ranges calls of an upstream may reach; who may is decided before. */
export function setEgressAllowances(
  store: Store,
  request: Changing<Upstream> & { readonly slug: string; readonly allow: readonly string[] },
): Promise<Upstream | undefined> {
  return change(store, request, 'upstream.allow', async () => ({ allow: [...request.allow] }))
}

/** Deletes an upstream with its documents, operations, tools and credentials. False where there is none of that slug. */
export function deleteUpstream(
  store: Store,
  request: Changing<Upstream> & { readonly slug: string },
): Promise<boolean> {
  const { workspaceId, actor, slug } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await findBySlug(tx, workspaceId, slug)
    if (!current) return false
    request.check?.(current)
    const { id, name, baseUrl } = current
    const serverIds = await serversOfUpstream(tx, workspaceId, id)
    const held = await tx
      .select({ secretId: credentials.secretId })
      .from(credentials)
      .where(and(eq(credentials.workspaceId, workspaceId), eq(credentials.upstreamId, id)))
    const [fetching] = await tx
      .delete(upstreams)
      .where(isRow(upstreams, workspaceId, id))
      .returning({ secretId: upstreams.fetchSecretId })
    const secretIds = [...held.map(({ secretId }) => secretId), ...(fetching?.secretId ? [fetching.secretId] : [])]
    await tx.delete(secrets).where(and(eq(secrets.workspaceId, workspaceId), inArray(secrets.id, secretIds)))
    await recordAudit(tx, {
      workspaceId,
      actor,
      action: 'upstream.delete',
      target: id,
      before: { slug, name, baseUrl },
    })
    await bumpRevisions(tx, workspaceId, serverIds)
    return true
  })
}

type Settable = {
  -readonly [K in
    | 'slug'
    | 'name'
    | 'baseUrl'
    | 'allow'
    | 'holdChanges'
    | 'responseFilter'
    | 'steps'
    | 'policy']?: Upstream[K]
} & {
  readonly refreshMinutes?: number | null
  readonly refreshDueAt?: Date | null
}

function change(
  store: Store,
  request: Changing<Upstream> & { readonly slug: string },
  action: 'upstream.update' | 'upstream.allow',
  settle: (tx: Database, current: Upstream) => Promise<Settable>,
): Promise<Upstream | undefined> {
  const { workspaceId, actor, slug } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await findBySlug(tx, workspaceId, slug)
    if (!current) return undefined
    request.check?.(current)
    const values = await settle(tx, current)
    await tx
      .update(upstreams)
      .set({ ...values, updatedAt: new Date() })
      .where(isRow(upstreams, workspaceId, current.id))
    const { refreshDueAt: _due, ...after } = values
    const before = fieldsBefore(current, after)
    await recordAudit(tx, { workspaceId, actor, action, target: current.id, before, after })
    await bumpRevisions(tx, workspaceId, await serversOfUpstream(tx, workspaceId, current.id))
    return findBySlug(tx, workspaceId, values.slug ?? slug)
  })
}

/** The upstream of that slug, as far as other rooms of the store need it. @throws Problem `not-found` */
export async function upstreamId(db: Database, workspaceId: string, slug: string): Promise<string> {
  const [row] = await db
    .select({ id: upstreams.id })
    .from(upstreams)
    .where(and(eq(upstreams.workspaceId, workspaceId), eq(upstreams.slug, slug)))
  if (!row) throw new Problem('not-found', { detail: 'There is no such upstream.' })
  return row.id
}

const ofIts = sql`from ${tools} where ${tools.workspaceId} = ${upstreams.workspaceId} and ${tools.upstreamId} = ${upstreams.id}`

function select(db: Database) {
  return db.select(COLUMNS).from(upstreams)
}

const COLUMNS = {
  id: upstreams.id,
  slug: upstreams.slug,
  name: upstreams.name,
  baseUrl: upstreams.baseUrl,
  allow: upstreams.allow,
  securitySchemes: upstreams.securitySchemes,
  createdAt: upstreams.createdAt,
  updatedAt: upstreams.updatedAt,
  holdChanges: upstreams.holdChanges,
  overlay: upstreams.overlay,
  responseFilter: upstreams.responseFilter,
  steps: upstreams.steps,
  policy: upstreams.policy,
  refreshUrl: upstreams.refreshUrl,
  refreshMinutes: upstreams.refreshMinutes,
  refreshDueAt: upstreams.refreshDueAt,
  refreshedAt: upstreams.refreshedAt,
  refreshOutcome: upstreams.refreshOutcome,
  enabled: subquery(sql`select count(*) filter (where ${tools.enabled}) ${ofIts}`).mapWith(Number),
  pending: subquery(sql`select count(*) filter (where ${tools.pendingVersionId} is not null) ${ofIts}`).mapWith(Number),
  total: subquery(sql`select count(*) ${ofIts}`).mapWith(Number),
}

async function findBySlug(db: Database, workspaceId: string, slug: string): Promise<Upstream | undefined> {
  const [row] = await select(db).where(and(eq(upstreams.workspaceId, workspaceId), eq(upstreams.slug, slug)))
  return row && toUpstream(row)
}

type Row = Awaited<ReturnType<typeof select>>[number]

function toUpstream(row: Row): Upstream {
  const { id, slug, name, baseUrl, holdChanges, overlay, responseFilter, steps, policy, enabled, total, pending } = row
  return {
    id,
    slug,
    name,
    baseUrl,
    holdChanges,
    overlay,
    responseFilter,
    steps,
    policy,
    allow: [...row.allow],
    securitySchemes: { ...row.securitySchemes },
    tools: { enabled, total, pending },
    refreshMinutes: row.refreshMinutes,
    refresh: {
      url: row.refreshUrl,
      dueAt: row.refreshDueAt?.toISOString() ?? null,
      lastAt: row.refreshedAt?.toISOString() ?? null,
      lastOutcome: row.refreshOutcome,
    },
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}

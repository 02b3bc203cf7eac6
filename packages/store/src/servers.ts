import {
  type CreateServer,
  type PageOf,
  type PageRequest,
  Problem,
  type Server,
  type UpdateServer,
} from '@sluice/contract'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { fieldsBefore, recordAudit } from './audit-events.ts'
import { claimSlug } from './claim-slug.ts'
import { holds, isRow, refersTo } from './conditions.ts'
import { createOnce } from './create-once.ts'
import type { Database } from './database.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { bumpRevisions } from './revisions.ts'
import { operationVersions, servers, serverTools, tools } from './schema.ts'
import { transact } from './transact.ts'
import { unknownFaults } from './unknown-faults.ts'
import type { Changing, Creating } from './writing.ts'

/** A server as it is stored: its URL depends on where the gateway is reached, what it offers on who asks. */
export type StoredServer = Omit<Server, 'url' | 'offers'>

export async function listServers(
  store: Store,
  workspaceId: string,
  request: PageRequest & { readonly q?: string } = {},
): Promise<PageOf<StoredServer>> {
  const page = planPage<Row>(
    request,
    {
      slug: servers.slug,
      name: servers.name,
      createdAt: servers.createdAt,
    },
    servers.id,
  )
  const rows = await select(store.db)
    .where(and(eq(servers.workspaceId, workspaceId), holds([servers.slug, servers.name], request.q), page.where))
    .groupBy(servers.workspaceId, servers.id)
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, toServer)
}

export function findServer(store: Store, workspaceId: string, slug: string): Promise<StoredServer | undefined> {
  return findBySlug(store.db, workspaceId, slug)
}

/** Makes a server without tools. A slug is unique in the installation: one that is taken gets a number. */
export function createServer(
  store: Store,
  request: Creating & { readonly values: CreateServer & { readonly slug: string } },
): Promise<StoredServer> {
  const { workspaceId, actor, values } = request
  return createOnce(store, workspaceId, request.once, async (tx) => {
    const slug = await claimSlug(values.slug, (wanted) => isFree(tx, wanted))
    const { name, mode = 'auto', codeCalls = 'read-only', instructions = '', limits = null } = values
    const { recordContent = false } = values
    const id = newId('srv')
    await tx
      .insert(servers)
      .values({ workspaceId, id, slug, name, mode, codeCalls, recordContent, instructions, limits })
    const after = { slug, name, mode, codeCalls, recordContent, instructions, limits }
    await recordAudit(tx, { workspaceId, actor, action: 'server.create', target: id, after })
    await bumpRevisions(tx, workspaceId, [id])
    return (await findBySlug(tx, workspaceId, slug))!
  })
}

/** Changes a server; a slug that is taken gets a number. Undefined where the workspace has none of that slug. */
export function updateServer(
  store: Store,
  request: Changing<StoredServer> & { readonly slug: string; readonly change: UpdateServer },
): Promise<StoredServer | undefined> {
  const { workspaceId, actor, slug, change } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await findBySlug(tx, workspaceId, slug)
    if (!current) return undefined
    request.check?.(current)
    const isMine = (wanted: string) => wanted === slug
    const next =
      change.slug === undefined
        ? slug
        : await claimSlug(change.slug, async (wanted) => isMine(wanted) || isFree(tx, wanted))
    const values = { ...change, slug: next }
    await tx
      .update(servers)
      .set(values)
      .where(isRow(servers, workspaceId, current.id))
    const before = fieldsBefore(current, change)
    await recordAudit(tx, { workspaceId, actor, action: 'server.update', target: current.id, before, after: change })
    await bumpRevisions(tx, workspaceId, [current.id])
    return findBySlug(tx, workspaceId, next)
  })
}

/** Deletes a server; its tools stay in their upstreams. False where the workspace has none of that slug. */
export function deleteServer(
  store: Store,
  request: Changing<StoredServer> & { readonly slug: string },
): Promise<boolean> {
  const { workspaceId, actor, slug } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await findBySlug(tx, workspaceId, slug)
    if (!current) return false
    request.check?.(current)
    const { id, name } = current
    await bumpRevisions(tx, workspaceId, [id])
    await tx.delete(servers).where(isRow(servers, workspaceId, id))
    await recordAudit(tx, { workspaceId, actor, action: 'server.delete', target: id, before: { slug, name } })
    return true
  })
}

/** @throws Problem `invalid-request`, with a pointer to each slug at `/servers` that the workspace does not have */
export async function idsOfServers(tx: Database, workspaceId: string, slugs: readonly string[]): Promise<string[]> {
  const rows = await tx
    .select({ id: servers.id, slug: servers.slug })
    .from(servers)
    .where(and(eq(servers.workspaceId, workspaceId), inArray(servers.slug, [...slugs])))
  const known = new Set(rows.map((row) => row.slug))
  const unknown = slugs.flatMap((name, index) => (known.has(name) ? [] : [{ name, pointer: `/servers/${index}` }]))
  const errors = await unknownFaults(tx, workspaceId, 'server', unknown)
  if (errors.length > 0) throw new Problem('invalid-request', { detail: errors[0]!.detail, errors })
  return rows.map((row) => row.id)
}

async function isFree(tx: Database, slug: string): Promise<boolean> {
  return (await tx.$count(servers, eq(servers.slug, slug))) === 0
}

function select(db: Database) {
  return db
    .select({
      id: servers.id,
      slug: servers.slug,
      name: servers.name,
      mode: servers.mode,
      codeCalls: servers.codeCalls,
      recordContent: servers.recordContent,
      instructions: servers.instructions,
      limits: servers.limits,
      revision: servers.revision,
      createdAt: servers.createdAt,
      enabled: sql`count(*) filter (where ${tools.enabled})`.mapWith(Number),
      total: sql`count(${tools.id})`.mapWith(Number),
      tokens:
        sql`coalesce(sum(${operationVersions.tokens}) filter (where ${tools.enabled} and not ${serverTools.unlisted}), 0)`.mapWith(
          Number,
        ),
    })
    .from(servers)
    .leftJoin(serverTools, refersTo(serverTools, serverTools.serverId, servers))
    .leftJoin(tools, refersTo(serverTools, serverTools.toolId, tools))
    .leftJoin(operationVersions, refersTo(tools, tools.operationVersionId, operationVersions))
}

async function findBySlug(db: Database, workspaceId: string, slug: string): Promise<StoredServer | undefined> {
  const [row] = await select(db)
    .where(and(eq(servers.workspaceId, workspaceId), eq(servers.slug, slug)))
    .groupBy(servers.workspaceId, servers.id)
  return row && toServer(row)
}

type Row = Awaited<ReturnType<typeof select>>[number]

function toServer({ enabled, total, tokens, createdAt, ...row }: Row): StoredServer {
  return { ...row, tools: { enabled, total, tokens }, createdAt: createdAt.toISOString() }
}

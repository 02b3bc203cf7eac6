import {
  LIMITS,
  type PageOf,
  type PageRequest,
  Problem,
  type Resource,
  type ResourceDetail,
  type SetResource,
} from '@sluice/contract'
import { and, eq, ne, sql } from 'drizzle-orm'
import { recordAudit } from './audit-events.ts'
import type { Database } from './database.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { bumpRevisions } from './revisions.ts'
import { resources } from './schema-offers.ts'
import { isOffer, type OfferPlace, ofServer, refuseOverfull, refuseTooMany, serverIdOf } from './server-offers.ts'
import { transact } from './transact.ts'
import type { Changing } from './writing.ts'

/** Undefined where there is no such server. */
export async function listResources(
  store: Store,
  workspaceId: string,
  server: string,
  request: PageRequest,
): Promise<PageOf<Resource> | undefined> {
  const serverId = await serverIdOf(store.db, workspaceId, server)
  if (serverId === undefined) return undefined
  const sorts = { name: resources.name, uri: resources.uri, updatedAt: resources.updatedAt }
  const page = planPage<ListedRow>(request, sorts, resources.name)
  const rows = await store.db
    .select(LISTED)
    .from(resources)
    .where(and(ofServer(resources, workspaceId, serverId), page.where))
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, ({ id: _id, ...row }) => toResource(row))
}

export async function findResource(store: Store, place: OfferPlace): Promise<ResourceDetail | undefined> {
  const serverId = await serverIdOf(store.db, place.workspaceId, place.server)
  return serverId === undefined ? undefined : find(store.db, place, serverId)
}

/**
 * Makes a resource, or takes the place of one. Undefined where there is no such server.
 * @throws Problem `conflict` where there are too many, they are too large together, or another has the URI; `too-large`
 */
export function setResource(
  store: Store,
  request: Changing<ResourceDetail | undefined> & OfferPlace & { readonly resource: SetResource },
): Promise<ResourceDetail | undefined> {
  const { workspaceId, actor, name } = request
  return transact(store, workspaceId, async (tx) => {
    const serverId = await serverIdOf(tx, workspaceId, request.server)
    if (serverId === undefined) return undefined
    const current = await find(tx, request, serverId)
    request.check?.(current)
    if (!current) await refuseTooMany(tx, resources, { workspaceId, serverId, what: 'resources' })
    const { uri, title = null, description = null, text, blob } = request.resource
    const form = text === undefined ? 'blob' : 'text'
    const body = text ?? blob ?? ''
    refuseTooLarge(body, form)
    await refuseTakenUri(tx, request, serverId, uri)
    const mimeType = request.resource.mimeType ?? (form === 'text' ? 'text/plain' : 'application/octet-stream')
    const values = { uri, title, description, mimeType, form, body, updatedAt: new Date() } as const
    await tx
      .insert(resources)
      .values({ workspaceId, serverId, name, ...values })
      .onConflictDoUpdate({ target: [resources.workspaceId, resources.serverId, resources.name], set: values })
    await refuseOverfull(tx, workspaceId, serverId)
    const after = { name, uri, mimeType }
    await recordAudit(tx, { workspaceId, actor, action: 'resource.set', target: serverId, after })
    await bumpRevisions(tx, workspaceId, [serverId])
    return find(tx, request, serverId)
  })
}

/** Undefined where there is none. */
export function deleteResource(
  store: Store,
  request: Changing<ResourceDetail> & OfferPlace,
): Promise<ResourceDetail | undefined> {
  const { workspaceId, actor, name } = request
  return transact(store, workspaceId, async (tx) => {
    const serverId = await serverIdOf(tx, workspaceId, request.server)
    const current = serverId === undefined ? undefined : await find(tx, request, serverId)
    if (serverId === undefined || !current) return undefined
    request.check?.(current)
    await tx.delete(resources).where(isOffer(resources, request, serverId))
    const before = { name, uri: current.uri }
    await recordAudit(tx, { workspaceId, actor, action: 'resource.delete', target: serverId, before })
    await bumpRevisions(tx, workspaceId, [serverId])
    return current
  })
}

async function refuseTakenUri(
  tx: Database,
  { workspaceId, name }: OfferPlace,
  serverId: string,
  uri: string,
): Promise<void> {
  const [taken] = await tx
    .select({ name: resources.name })
    .from(resources)
    .where(and(ofServer(resources, workspaceId, serverId), eq(resources.uri, uri), ne(resources.name, name)))
  if (!taken) return
  const detail = `The resource "${taken.name}" of this server has that URI.`
  throw new Problem('conflict', { detail, errors: [{ pointer: '/uri', detail, fix: 'Choose another one.' }] })
}

/** @throws Problem `too-large` */
function refuseTooLarge(body: string, form: 'text' | 'blob'): void {
  if (bytesOf(body, form) <= LIMITS.storedBytes) return
  const detail = `A resource holds at most ${LIMITS.storedBytes / 1024 / 1024} MB.`
  throw new Problem('too-large', { detail, errors: [{ pointer: `/${form}`, detail, fix: 'Store a smaller one.' }] })
}

function bytesOf(body: string, form: 'text' | 'blob'): number {
  return Buffer.byteLength(body, form === 'text' ? 'utf8' : 'base64')
}

const LISTED = {
  id: resources.name,
  name: resources.name,
  uri: resources.uri,
  title: resources.title,
  description: resources.description,
  mimeType: resources.mimeType,
  bytes: sql`case ${resources.form} when 'text' then octet_length(${resources.body})
    else octet_length(rtrim(${resources.body}, '=')) * 3 / 4 end`.mapWith(Number),
  updatedAt: resources.updatedAt,
}

interface ResourceRow extends Omit<Resource, 'updatedAt'> {
  readonly updatedAt: Date
}

interface ListedRow extends ResourceRow {
  readonly id: string
}

function toResource({ updatedAt, ...row }: ResourceRow): Resource {
  return { ...row, updatedAt: updatedAt.toISOString() }
}

async function find(db: Database, place: OfferPlace, serverId: string): Promise<ResourceDetail | undefined> {
  const [row] = await db
    .select()
    .from(resources)
    .where(isOffer(resources, place, serverId))
  if (!row) return undefined
  const { name, uri, title, description, mimeType, form, body, updatedAt } = row
  const about = toResource({ name, uri, title, description, mimeType, bytes: bytesOf(body, form), updatedAt })
  return { ...about, [form]: body }
}

import { type Composite, type PageOf, type PageRequest, Problem, plainName, type SetComposite } from '@sluice/contract'
import { and } from 'drizzle-orm'
import { recordAudit } from './audit-events.ts'
import type { Database } from './database.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { bumpRevisions } from './revisions.ts'
import { composites } from './schema-offers.ts'
import {
  isOffer,
  type OfferPlace,
  ofServer,
  refuseOverfull,
  refuseOverpinned,
  refuseTooMany,
  serverIdOf,
} from './server-offers.ts'
import { namesOfServer } from './server-tools.ts'
import { sameTo } from './tools.ts'
import { transact } from './transact.ts'
import type { Changing } from './writing.ts'

/** Undefined where there is no such server. */
export async function listComposites(
  store: Store,
  workspaceId: string,
  server: string,
  request: PageRequest,
): Promise<PageOf<Composite> | undefined> {
  const serverId = await serverIdOf(store.db, workspaceId, server)
  if (serverId === undefined) return undefined
  const page = planPage<Row>(request, { name: composites.name, updatedAt: composites.updatedAt }, composites.name)
  const rows = await store.db
    .select()
    .from(composites)
    .where(and(ofServer(composites, workspaceId, serverId), page.where))
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, toComposite)
}

export async function findComposite(store: Store, place: OfferPlace): Promise<Composite | undefined> {
  const serverId = await serverIdOf(store.db, place.workspaceId, place.server)
  return serverId === undefined ? undefined : find(store.db, place, serverId)
}

/**
 * Makes a composite, or takes the place of one. Undefined where there is no such server.
 * @throws Problem `conflict` where there are too many, they are too large together, or a tool of the server has the name
 */
export function setComposite(
  store: Store,
  request: Changing<Composite | undefined> & OfferPlace & { readonly composite: SetComposite },
): Promise<Composite | undefined> {
  const { workspaceId, actor, name } = request
  return transact(store, workspaceId, async (tx) => {
    const serverId = await serverIdOf(tx, workspaceId, request.server)
    if (serverId === undefined) return undefined
    const current = await find(tx, request, serverId)
    request.check?.(current)
    if (!current) await refuseTooMany(tx, composites, { workspaceId, serverId, what: 'composites' })
    await refuseTakenName(tx, request, serverId)
    const id = current?.id ?? newId('cmp')
    const values = { content: contentOf(request.composite), updatedAt: new Date() }
    await tx
      .insert(composites)
      .values({ workspaceId, serverId, name, id, ...values })
      .onConflictDoUpdate({ target: [composites.workspaceId, composites.serverId, composites.name], set: values })
    await refuseOverfull(tx, workspaceId, serverId)
    if (request.composite.pinned) await refuseOverpinned(tx, workspaceId, serverId)
    const after = { server: request.server, name, code: request.composite.code }
    await recordAudit(tx, { workspaceId, actor, action: 'composite.set', target: id, after })
    await bumpRevisions(tx, workspaceId, [serverId])
    return find(tx, request, serverId)
  })
}

/** Undefined where there is none. */
export function deleteComposite(
  store: Store,
  request: Changing<Composite> & OfferPlace,
): Promise<Composite | undefined> {
  const { workspaceId, actor, name } = request
  return transact(store, workspaceId, async (tx) => {
    const serverId = await serverIdOf(tx, workspaceId, request.server)
    const current = serverId === undefined ? undefined : await find(tx, request, serverId)
    if (serverId === undefined || !current) return undefined
    request.check?.(current)
    await tx.delete(composites).where(isOffer(composites, request, serverId))
    const before = { server: request.server, name }
    await recordAudit(tx, { workspaceId, actor, action: 'composite.delete', target: current.id, before })
    await bumpRevisions(tx, workspaceId, [serverId])
    return current
  })
}

/** @throws Problem `conflict` */
async function refuseTakenName(tx: Database, { workspaceId, name }: OfferPlace, serverId: string): Promise<void> {
  const taken = (await namesOfServer(tx, workspaceId, serverId)).find((one) => plainName(one) === plainName(name))
  if (taken === undefined) return
  const detail = `A tool of this server is called "${taken}"${sameTo(name, taken)}.`
  throw new Problem('conflict', { detail, errors: [{ pointer: 'composite', detail, fix: 'Choose another name.' }] })
}

function contentOf(given: SetComposite): Row['content'] {
  const { title = null, readOnly = false, tags = [], pinned = false, enabled = true, tests = [] } = given
  const inputSchema = given.inputSchema ?? { type: 'object' as const, properties: {} }
  const { description, code } = given
  return { title, description, inputSchema, code, readOnly, tags, pinned, enabled, tests }
}

type Row = typeof composites.$inferSelect

function toComposite({ id, name, content, updatedAt }: Row): Composite {
  return { id, name, ...content, updatedAt: updatedAt.toISOString() }
}

async function find(db: Database, place: OfferPlace, serverId: string): Promise<Composite | undefined> {
  const [row] = await db
    .select()
    .from(composites)
    .where(isOffer(composites, place, serverId))
  return row && toComposite(row)
}

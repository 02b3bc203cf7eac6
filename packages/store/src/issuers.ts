import {
  type CreateIssuer,
  type Issuer,
  type IssuerRule,
  type PageOf,
  type PageRequest,
  Problem,
  SIGNATURE_ALGORITHMS,
  type UpdateIssuer,
} from '@sluice/contract'
import { and, eq, ne, type SQL, sql } from 'drizzle-orm'
import { fieldsBefore, recordAudit } from './audit-events.ts'
import { among, isRow, refersTo } from './conditions.ts'
import { createOnce } from './create-once.ts'
import type { Database } from './database.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { bumpRevisions } from './revisions.ts'
import { issuerServers, issuers, servers } from './schema.ts'
import { idsOfServers } from './servers.ts'
import { refuseMissingTools } from './tools.ts'
import { transact } from './transact.ts'
import type { Changing, Creating } from './writing.ts'

/**
 * Lets an issuer's access tokens open servers.
 * @throws Problem `invalid-request`, with a pointer to each server and tool that the workspace does not have; `conflict` where
 * one of the servers takes tokens of that issuer already
 */
export function createIssuer(store: Store, request: Creating & { readonly values: CreateIssuer }): Promise<Issuer> {
  const { workspaceId, actor, values } = request
  return createOnce(store, workspaceId, request.once, async (tx) => {
    const { servers: slugs, ...given } = values
    const row = { ...DEFAULTS, ...given, workspaceId, id: newId('iss') }
    const serverIds = await idsOfServers(tx, workspaceId, slugs)
    await refuseUnfit(tx, row, serverIds)
    await tx.insert(issuers).values(row)
    await bindServers(tx, row, serverIds)
    const created = (await findById(tx, workspaceId, row.id))!
    const { id, createdAt: _, ...after } = created
    await recordAudit(tx, { workspaceId, actor, action: 'issuer.create', target: id, after })
    await bumpRevisions(tx, workspaceId, serverIds)
    return created
  })
}

const DEFAULTS = {
  jwksUri: null,
  audiences: [],
  algorithms: [...SIGNATURE_ALGORITHMS],
  rules: [],
  allow: [],
}

/** The newest first unless asked otherwise. */
export async function listIssuers(
  store: Store,
  workspaceId: string,
  request: PageRequest & { readonly server?: string } = {},
): Promise<PageOf<Issuer>> {
  const sorts = { createdAt: issuers.createdAt, name: issuers.name }
  const page = planPage<Row>({ sort: '-createdAt', ...request }, sorts, issuers.id)
  const { server } = request
  const opens = sql`${issuers.id} in (select ${issuerServers.issuerId} from ${issuerServers}
    join ${servers} as wanted on wanted.workspace_id = ${issuerServers.workspaceId} and wanted.id = ${issuerServers.serverId}
    where ${issuerServers.workspaceId} = ${workspaceId} and wanted.slug = ${server})`
  const rows = await selectIssuers(
    store.db,
    and(eq(issuers.workspaceId, workspaceId), server === undefined ? undefined : opens, page.where),
  )
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, toIssuer)
}

export function findIssuer(store: Store, workspaceId: string, id: string): Promise<Issuer | undefined> {
  return findById(store.db, workspaceId, id)
}

/** Undefined where the workspace has no such issuer. @throws Problem as `createIssuer` */
export function updateIssuer(
  store: Store,
  request: Changing<Issuer> & { readonly id: string; readonly change: UpdateIssuer },
): Promise<Issuer | undefined> {
  const { workspaceId, actor, id, change } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await findById(tx, workspaceId, id)
    if (!current) return undefined
    request.check?.(current)
    const { servers: slugs, ...values } = change
    const before = await idsOfServers(tx, workspaceId, current.servers)
    const serverIds = slugs ? await idsOfServers(tx, workspaceId, slugs) : before
    const { issuer = current.issuer, rules = [] } = values
    await refuseUnfit(tx, { workspaceId, id, issuer, rules }, serverIds)
    // Something must be set, even where only the servers change.
    await tx
      .update(issuers)
      .set({ name: current.name, ...values })
      .where(isRow(issuers, workspaceId, id))
    await tx
      .delete(issuerServers)
      .where(and(eq(issuerServers.workspaceId, workspaceId), eq(issuerServers.issuerId, id)))
    await bindServers(tx, { workspaceId, id }, serverIds)
    const was = fieldsBefore(current, change)
    await recordAudit(tx, { workspaceId, actor, action: 'issuer.update', target: id, before: was, after: change })
    await bumpRevisions(tx, workspaceId, [...new Set([...before, ...serverIds])])
    return findById(tx, workspaceId, id)
  })
}

/** Its access tokens open nothing any more. False where the workspace has no such issuer. */
export function deleteIssuer(store: Store, request: Changing<Issuer> & { readonly id: string }): Promise<boolean> {
  const { workspaceId, actor, id } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await findById(tx, workspaceId, id)
    if (!current) return false
    request.check?.(current)
    await bumpRevisions(tx, workspaceId, await idsOfServers(tx, workspaceId, current.servers))
    await tx.delete(issuers).where(isRow(issuers, workspaceId, id))
    const { id: _, createdAt: __, ...before } = current
    await recordAudit(tx, { workspaceId, actor, action: 'issuer.delete', target: id, before })
    return true
  })
}

interface Wanted {
  readonly workspaceId: string
  readonly id: string
  readonly issuer: string
  readonly rules: readonly IssuerRule[]
}

/** A token names its issuer: of two for one server nobody could say whose rules hold. */
async function refuseUnfit(tx: Database, wanted: Wanted, serverIds: readonly string[]): Promise<void> {
  const { workspaceId, id, issuer, rules } = wanted
  for (const [index, { rights }] of rules.entries())
    if (rights?.tools) await refuseMissingTools(tx, workspaceId, rights.tools, `/rules/${index}/rights`)
  const [taken] = await tx
    .select({ name: issuers.name, server: servers.slug })
    .from(issuers)
    .innerJoin(issuerServers, refersTo(issuerServers, issuerServers.issuerId, issuers))
    .innerJoin(servers, refersTo(issuerServers, issuerServers.serverId, servers))
    .where(
      and(
        eq(issuers.workspaceId, workspaceId),
        eq(issuers.issuer, issuer),
        ne(issuers.id, id),
        among(servers.id, serverIds),
      ),
    )
    .limit(1)
  if (!taken) return
  const detail = `The server "${taken.server}" takes access tokens of ${issuer} already, as "${taken.name}" says.`
  throw new Problem('conflict', {
    detail,
    errors: [{ pointer: '/servers', detail, fix: 'Change that one, or leave the server out.' }],
  })
}

async function bindServers(
  tx: Database,
  { workspaceId, id }: Pick<Wanted, 'workspaceId' | 'id'>,
  serverIds: readonly string[],
) {
  if (serverIds.length === 0) return
  await tx.insert(issuerServers).values(serverIds.map((serverId) => ({ workspaceId, issuerId: id, serverId })))
}

async function findById(db: Database, workspaceId: string, id: string): Promise<Issuer | undefined> {
  const [row] = await selectIssuers(db, isRow(issuers, workspaceId, id))
  return row && toIssuer(row)
}

function selectIssuers(db: Database, where: SQL | undefined) {
  return db
    .select({
      id: issuers.id,
      name: issuers.name,
      issuer: issuers.issuer,
      // A server that was deleted is none of the issuer's.
      servers: sql<
        string[]
      >`coalesce(array_agg(${servers.slug} order by ${servers.slug}) filter (where ${servers.slug} is not null), '{}')`,
      jwksUri: issuers.jwksUri,
      audiences: issuers.audiences,
      algorithms: issuers.algorithms,
      rules: issuers.rules,
      allow: issuers.allow,
      createdAt: issuers.createdAt,
    })
    .from(issuers)
    .leftJoin(issuerServers, refersTo(issuerServers, issuerServers.issuerId, issuers))
    .leftJoin(servers, refersTo(issuerServers, issuerServers.serverId, servers))
    .where(where)
    .groupBy(issuers.workspaceId, issuers.id)
}

type Row = Awaited<ReturnType<typeof selectIssuers>>[number]

function toIssuer(row: Row): Issuer {
  return { ...asLists(row), createdAt: row.createdAt.toISOString() }
}

/** A row's lists as its owner's own. */
export function asLists<T extends Pick<Row, 'audiences' | 'algorithms' | 'rules' | 'allow'>>(row: T) {
  return {
    ...row,
    audiences: [...row.audiences],
    algorithms: [...row.algorithms],
    rules: [...row.rules],
    allow: [...row.allow],
  }
}

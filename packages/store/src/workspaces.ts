import {
  type CreatedWorkspace,
  type CreateWorkspace,
  type PageOf,
  type PageRequest,
  Problem,
  type UpdateWorkspace,
  type Workspace,
} from '@sluice/contract'
import { eq } from 'drizzle-orm'
import { insertAdminKey } from './admin-keys.ts'
import { fieldsBefore, type NewAuditEvent, recordAudit } from './audit-events.ts'
import { createOnce } from './create-once.ts'
import type { Database } from './database.ts'
import { recordInstallationEvent } from './installation-events.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { bumpRevisions } from './revisions.ts'
import { accessKeys, adminKeys, issuers, secrets, servers, upstreams, workspaces } from './schema.ts'
import {
  auditEvents,
  auditHeads,
  continuations,
  droppedCalls,
  idempotencyKeys,
  rateWindows,
  recordedCalls,
} from './schema-records.ts'
import { transact } from './transact.ts'
import type { Changing, Creating } from './writing.ts'

/** The workspace that every installation has. Several gateways may ask for it at once. */
export async function ensureDefaultWorkspace(store: Store): Promise<{ readonly id: string }> {
  await store.db.insert(workspaces).values({ id: DEFAULT_WORKSPACE_ID, name: 'Default' }).onConflictDoNothing()
  return { id: DEFAULT_WORKSPACE_ID }
}

export async function listWorkspaces(store: Store, request: PageRequest): Promise<PageOf<Workspace>> {
  const page = planPage<Row>(request, { name: workspaces.name, createdAt: workspaces.createdAt }, workspaces.id)
  const rows = await store.db
    .select()
    .from(workspaces)
    .where(page.where)
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, toWorkspace)
}

export function findWorkspace(store: Store, id: string): Promise<Workspace | undefined> {
  return findById(store.db, id)
}

/** Makes a workspace and the key of its first owner, which is shown once. */
export function createWorkspace(
  store: Store,
  request: Omit<Creating, 'workspaceId'> & { readonly values: CreateWorkspace },
): Promise<CreatedWorkspace> {
  const { actor, once, values } = request
  // The answer to a repeated request must lie in a workspace, and before this one is made there is but the default.
  return createOnce(store, DEFAULT_WORKSPACE_ID, once, async (tx) => {
    const id = newId('ws')
    await tx.insert(workspaces).values({ id, name: values.name })
    const by = { workspaceId: id, actor }
    await recordChange(tx, { ...by, action: 'workspace.create', target: id, after: { name: values.name } })
    const adminKey = await insertAdminKey(tx, { ...by, name: 'first owner', role: 'owner' })
    return { ...(await findById(tx, id))!, adminKey }
  })
}

/** Renames the workspace `workspaceId`. @throws Problem `not-found` */
export function updateWorkspace(
  store: Store,
  request: Changing<Workspace> & { readonly change: UpdateWorkspace },
): Promise<Workspace> {
  const { workspaceId: id, actor, change } = request
  return transact(store, id, async (tx) => {
    const current = (await findById(tx, id))!
    request.check?.(current)
    await tx.update(workspaces).set(change).where(eq(workspaces.id, id))
    const before = fieldsBefore(current, change)
    await recordChange(tx, { workspaceId: id, actor, action: 'workspace.update', target: id, before, after: change })
    return { ...current, ...change }
  })
}

/**
 * Deletes a workspace with everything in it, its audit trail too, for good. That it was deleted stays in the installation's.
 * @throws Problem `not-found`, or `conflict` for the default workspace
 */
export async function deleteWorkspace(store: Store, request: Changing<Workspace>): Promise<void> {
  const { workspaceId: id, actor } = request
  if (id === DEFAULT_WORKSPACE_ID)
    throw new Problem('conflict', { detail: 'The default workspace cannot be deleted: every installation has it.' })
  await transact(store, id, async (tx) => {
    const current = (await findById(tx, id))!
    request.check?.(current)
    const served = await tx.select({ id: servers.id }).from(servers).where(eq(servers.workspaceId, id))
    const serverIds = served.map((server) => server.id)
    await bumpRevisions(tx, id, serverIds)
    for (const table of IN_ORDER) await tx.delete(table).where(eq(table.workspaceId, id))
    await tx.delete(workspaces).where(eq(workspaces.id, id))
    const { name, createdAt } = current
    const before = { name, createdAt }
    await recordInstallationEvent(tx, { actor, action: 'workspace.delete', target: id, before })
  })
}

/** In the workspace's own trail, for its owners, and in the installation's, for whoever holds that key. */
async function recordChange(tx: Database, event: NewAuditEvent): Promise<void> {
  const { workspaceId: _within, ...about } = event
  await recordAudit(tx, event)
  await recordInstallationEvent(tx, about)
}

/** Of whoever holds the data folder or the installation: every installation has it. */
export const DEFAULT_WORKSPACE_ID = 'ws_default'

/** What hangs on the workspace itself; the rest goes with its parent. Secrets outlive the credentials that refer to them. */
const IN_ORDER = [
  servers,
  accessKeys,
  issuers,
  upstreams,
  secrets,
  continuations,
  rateWindows,
  idempotencyKeys,
  recordedCalls,
  droppedCalls,
  auditEvents,
  auditHeads,
  adminKeys,
]

async function findById(db: Database, id: string): Promise<Workspace | undefined> {
  const [row] = await db.select().from(workspaces).where(eq(workspaces.id, id))
  return row && toWorkspace(row)
}

type Row = typeof workspaces.$inferSelect

function toWorkspace({ createdAt, ...row }: Row): Workspace {
  return { ...row, createdAt: createdAt.toISOString() }
}

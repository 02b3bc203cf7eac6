import type { CreatedWorkspace, PageOf, PageRequest, Workspace } from '@sluice/contract'
import { eq, sql } from 'drizzle-orm'
import { insertAdminKey } from './admin-keys.ts'
import { recordAudit } from './audit-events.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { workspaces } from './schema.ts'

const DEFAULT_ID = 'ws_default'

/** The workspace that every installation has. Several gateways may ask for it at once. */
export async function ensureDefaultWorkspace(store: Store): Promise<{ readonly id: string }> {
  await store.db.insert(workspaces).values({ id: DEFAULT_ID, name: 'Default' }).onConflictDoNothing()
  return { id: DEFAULT_ID }
}

export async function findWorkspace(store: Store, id: string): Promise<Workspace | undefined> {
  const [row] = await store.db.select().from(workspaces).where(eq(workspaces.id, id))
  return row && toWorkspace(row)
}

export async function listWorkspaces(store: Store, request: PageRequest): Promise<PageOf<Workspace>> {
  const page = planPage<Row>(
    request,
    {
      name: { by: workspaces.name, type: 'text', of: (row) => row.name },
      createdAt: { by: workspaces.createdAt, type: 'instant', of: (row) => row.createdAt },
    },
    workspaces.id,
  )
  const rows = await store.db
    .select()
    .from(workspaces)
    .where(page.where)
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, toWorkspace)
}

/** Makes a workspace and the key of its first owner, which is shown once. */
export function createWorkspace(store: Store, name: string): Promise<CreatedWorkspace> {
  return store.db.transaction(async (tx) => {
    const row = { id: newId('ws'), name, createdAt: new Date() }
    await tx.insert(workspaces).values(row)
    const by = { workspaceId: row.id, actor: 'system' }
    await recordAudit(tx, { ...by, action: 'workspace.create', target: row.id, after: { name } })
    return { ...toWorkspace(row), adminKey: await insertAdminKey(tx, { ...by, name: 'first owner', role: 'owner' }) }
  })
}

/** Deletes a workspace with everything in it, for good. False where there is none. */
export function deleteWorkspace(store: Store, id: string): Promise<boolean> {
  return store.db.transaction(async (tx) => {
    const [found] = await tx.select().from(workspaces).where(eq(workspaces.id, id)).for('update')
    if (!found) return false
    // What hangs on these goes with them.
    for (const table of IN_ORDER) await tx.execute(sql`delete from ${sql.identifier(table)} where workspace_id = ${id}`)
    await tx.delete(workspaces).where(eq(workspaces.id, id))
    return true
  })
}

const IN_ORDER = ['servers', 'access_keys', 'upstreams', 'secrets', 'idempotency_keys', 'audit_events', 'admin_keys']

type Row = typeof workspaces.$inferSelect

function toWorkspace({ id, name, createdAt }: Row): Workspace {
  return { id, name, createdAt: createdAt.toISOString() }
}

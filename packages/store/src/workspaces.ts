import { eq } from 'drizzle-orm'
import type { Store } from './open-store.ts'
import { workspaces } from './schema.ts'

export interface Workspace {
  readonly id: string
  readonly name: string
}

/** The workspace that every installation has. Several gateways may ask for it at once. */
export async function ensureDefaultWorkspace(store: Store): Promise<Workspace> {
  await store.db.insert(workspaces).values(DEFAULT_WORKSPACE).onConflictDoNothing()
  return DEFAULT_WORKSPACE
}

export async function findWorkspace(store: Store, id: string): Promise<Workspace | undefined> {
  const [row] = await store.db
    .select({ id: workspaces.id, name: workspaces.name })
    .from(workspaces)
    .where(eq(workspaces.id, id))
  return row
}

const DEFAULT_WORKSPACE: Workspace = { id: 'ws_default', name: 'Default' }

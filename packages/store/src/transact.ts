import { Problem } from '@sluice/contract'
import { eq } from 'drizzle-orm'
import type { Database } from './database.ts'
import type { Store } from './open-store.ts'
import { workspaces } from './schema.ts'

/**
 * Runs `work` in a transaction, one at a time for each workspace: changes are rare and made by people, and what follows
 * one another neither deadlocks nor decides on what another is about to change. Readers never wait.
 *
 * @throws Problem `not-found` where there is no such workspace, or no more
 */
export function transact<T>(store: Store, workspaceId: string, work: (tx: Database) => Promise<T>): Promise<T> {
  return store.db.transaction(async (tx) => {
    // "No key" lets rows that refer to the workspace be inserted elsewhere, such as another transaction's audit events.
    const [workspace] = await tx.select().from(workspaces).where(eq(workspaces.id, workspaceId)).for('no key update')
    if (!workspace) throw new Problem('not-found', { detail: 'There is no such workspace.' })
    return work(tx)
  })
}

/** Runs the reads of `work` on one state of the database. */
export function readSnapshot<T>(store: Store, work: (tx: Database) => Promise<T>): Promise<T> {
  return store.db.transaction(work, { isolationLevel: 'repeatable read', accessMode: 'read only' })
}

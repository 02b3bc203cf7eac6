import { Problem } from '@sluice/contract'
import { recordAudit } from './audit-events.ts'
import type { Store } from './open-store.ts'
import { secrets, workspaces } from './schema.ts'
import { transact } from './transact.ts'
import type { Writing } from './writing.ts'

/** The ids of the master keys that the stored secrets of all workspaces were sealed with. */
export async function readSealingKeyIds(store: Store): Promise<string[]> {
  const rows = await store.db.selectDistinct({ keyId: secrets.keyId }).from(secrets)
  return rows.map(({ keyId }) => keyId)
}

/** Waits for the changes that are under way in any workspace: what they have sealed is seen by others only when they are done. */
export async function settleWrites(store: Store): Promise<void> {
  for (const { id } of await store.db.select({ id: workspaces.id }).from(workspaces))
    await transact(store, id, async () => {}).catch((error: unknown) => {
      if (!(error instanceof Problem && error.code === 'not-found')) throw error
    })
}

/** Says in the audit trail that the master key was changed: its id, which says nothing of it. */
export function recordKeyRotation(
  store: Store,
  { workspaceId, actor }: Writing,
  after: { readonly keyId: string; readonly resealed: number },
): Promise<void> {
  const event = { workspaceId, actor, action: 'master-key.rotate' as const, target: after.keyId, after }
  return transact(store, workspaceId, (tx) => recordAudit(tx, event))
}

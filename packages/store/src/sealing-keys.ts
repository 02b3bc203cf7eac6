import type { Store } from './open-store.ts'
import { secrets } from './schema.ts'

/** The ids of the master keys that the stored secrets of all workspaces were sealed with. */
export async function readSealingKeyIds(store: Store): Promise<string[]> {
  const rows = await store.db.selectDistinct({ keyId: secrets.keyId }).from(secrets)
  return rows.map(({ keyId }) => keyId)
}

import type { CreatedAdminKey, Role } from '@sluice/contract'
import { createAdminKey, ensureDefaultWorkspace } from '@sluice/store'
import type { Config } from './config.ts'
import { openConfiguredStore } from './open-configured-store.ts'

/**
 * Makes an AdminKey directly in the database, for those who are locked out.
 * @throws DataFolderInUse while a gateway has the embedded database open
 */
export async function createLocalAdminKey(
  config: Config,
  wanted: { readonly name: string; readonly role: Role },
): Promise<CreatedAdminKey> {
  const store = await openConfiguredStore(config)
  try {
    const { id: workspaceId } = await ensureDefaultWorkspace(store)
    return await createAdminKey(store, { workspaceId, actor: 'system', ...wanted })
  } finally {
    await store.close()
  }
}

import { renameSync, writeFileSync } from 'node:fs'
import { countAdminKeys, createAdminKey, type Store } from '@sluice/store'
import { adminKeyFile } from './admin-key-file.ts'

/**
 * The first AdminKey of an installation, in a file that its owner alone can read. The file is written inside the transaction
 * that stores the key: after a crash at any point the next start makes both again, or finds both.
 */
export async function firstAdminKey(
  store: Store,
  workspaceId: string,
  dataDir: string,
): Promise<{ readonly file: string } | undefined> {
  if ((await countAdminKeys(store, workspaceId)) > 0) return undefined
  const file = adminKeyFile(dataDir)
  await createAdminKey(store, {
    workspaceId,
    actor: 'system',
    name: 'first start',
    role: 'owner',
    beforeCommit: (key) => replaceFile(file, `${key}\n`),
  })
  return { file }
}

function replaceFile(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`
  writeFileSync(temporary, text, { mode: 0o600, flush: true })
  renameSync(temporary, file)
}

import { Problem } from '@sluice/contract'
import { openStore, type Store } from '@sluice/store'
import type { Config } from './config.ts'
import { findFolders } from './folders.ts'
import { inDataFolder } from './in-data-folder.ts'
import { reasonOf } from './reason-of.ts'

/**
 * The database that the configuration names, brought up to date.
 * @throws what `openStore` throws, with the reason: it is told to the operator; ConfigFault for the data folder
 */
export async function openConfiguredStore({
  databaseUrl,
  dataDir,
}: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Store> {
  const { migrations: migrationsFolder, snapshot } = findFolders()
  try {
    if (databaseUrl) return await openStore({ migrationsFolder, databaseUrl })
    return await inDataFolder(dataDir, () => openStore({ migrationsFolder, dataFolder: dataDir, snapshot }))
  } catch (error) {
    throw error instanceof Problem && error.code === 'database-unavailable' ? withReason(error) : error
  }
}

function withReason({ code, cause }: Problem): Problem {
  return new Problem(code, { detail: `The database cannot be used: ${reasonOf(cause)}.`, cause })
}

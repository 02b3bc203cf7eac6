import { openStore, type Store } from '@sluice/store'
import type { Config } from './config.ts'
import { findFolders } from './folders.ts'

/** The database that the configuration names, brought up to date. @throws what `openStore` throws */
export function openConfiguredStore({ databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Store> {
  const { migrations: migrationsFolder, snapshot } = findFolders()
  return openStore(
    databaseUrl ? { migrationsFolder, databaseUrl } : { migrationsFolder, dataFolder: dataDir, snapshot },
  )
}

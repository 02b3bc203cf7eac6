import { restoreDatabase } from '@sluice/store'
import { type Config, ConfigFault } from './config.ts'
import { inDataFolder } from './in-data-folder.ts'

/**
 * Makes the embedded database from a backup, before a gateway is started on it.
 * @throws ConfigFault where PostgreSQL is configured or the folder cannot be used, and what `restoreDatabase` throws
 */
export async function restoreLocal(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  file: string,
): Promise<string> {
  if (databaseUrl !== undefined) {
    const advice =
      'Restore it with its own programs: pg_restore --clean --if-exists --no-owner --dbname="$DATABASE_URL" FILE'
    throw new ConfigFault([`DATABASE_URL is set, and this is a copy of the embedded database. ${advice}`])
  }
  await inDataFolder(dataDir, () => restoreDatabase(dataDir, file))
  return dataDir
}

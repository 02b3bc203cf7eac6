import { ConfigFault } from './config.ts'

/**
 * Does what needs the data folder, and says of which folder it is where the system refuses: it is full, read-only, somebody
 * else's, or no folder.
 * @throws ConfigFault, and what `work` throws
 */
export async function inDataFolder<T>(dataDir: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isOfSystem(error)) throw error
    throw new ConfigFault([`DATA_DIR: the folder ${dataDir} cannot be used: ${error.message}.`])
  }
}

/** SQLite, which locks the folder, has codes of its own. */
function isOfSystem(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  const { code, syscall } = error as NodeJS.ErrnoException
  return syscall !== undefined || code === 'ERR_SQLITE_ERROR'
}

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Another process has the data folder open. PGlite itself does not notice, and two on one folder lose data. */
export class DataFolderInUse extends Error {
  constructor(folder: string, owner: string) {
    super(
      `The data folder ${folder} is in use by ${owner}. Stop that process, ` +
        'choose another folder with DATA_DIR, or use PostgreSQL with DATABASE_URL.',
    )
    this.name = 'DataFolderInUse'
  }
}

/**
 * Takes the folder for this process until the returned function is called or the process ends, however it ends.
 *
 * The lock is the kernel's, on a file that is never removed. A file that names its owner would have to be stolen when the
 * owner is dead, and who is dead cannot be told across containers, where every gateway is process 1. Node has the
 * kernel's locks only in SQLite: an exclusive transaction holds one, and nothing is ever written in it.
 *
 * @throws DataFolderInUse
 */
export function lockFolder(folder: string): () => void {
  const ownerFile = join(folder, 'database.pid')
  const lock = new DatabaseSync(join(folder, 'database.lock'), { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error
    throw new DataFolderInUse(folder, readOwner(ownerFile))
  }
  writeFileSync(ownerFile, `process ${process.pid} on ${hostname()}`)
  return () => {
    rmSync(ownerFile, { force: true })
    lock.close()
  }
}

const SQLITE_BUSY = 5

function readOwner(file: string): string {
  try {
    return readFileSync(file, 'utf8') || 'another process'
  } catch {
    return 'another process'
  }
}

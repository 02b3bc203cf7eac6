import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '@sluice/contract'
import { lockFolder } from './lock-folder.ts'
import { pgliteClient } from './pglite-engine.ts'
import { startPglite } from './start-pglite.ts'
import { unpackSnapshot } from './unpack-snapshot.ts'

/**
 * Makes the embedded database of a data folder from a backup. It is opened once before it is put in its place: a file that is cut
 * short, or no backup, leaves nothing.
 * @throws DataFolderInUse; Problem `conflict` where the folder has a database, `invalid-request` for a file that cannot be read;
 * the system's own error where the disk takes nothing more
 */
export async function restoreDatabase(dataFolder: string, file: string): Promise<void> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(dataFolder)
  const folder = join(dataFolder, 'database')
  const unfinished = `${folder}.restored`
  try {
    if (existsSync(folder)) throw hasDatabase(dataFolder)
    await rm(unfinished, { recursive: true, force: true })
    await unpack(file, unfinished)
    await rename(unfinished, folder)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
    unlock()
  }
}

async function unpack(file: string, folder: string): Promise<void> {
  try {
    await unpackSnapshot(file, folder)
    if (!existsSync(join(folder, 'PG_VERSION'))) throw new Error('it holds no database')
    await refuseOthers(folder)
  } catch (cause) {
    if (DISK_FAULTS.has(String((cause as NodeJS.ErrnoException).code))) throw cause
    const detail = `${file} is no backup of Sluice, or is not whole.`
    throw new Problem('invalid-request', { detail, cause })
  }
}

/** They are of where it is unpacked: the file may be whole. */
const DISK_FAULTS: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO'])

/** That it opens, and is ours. */
async function refuseOthers(folder: string): Promise<void> {
  const thread = await startPglite({ folder })
  try {
    const client = pgliteClient(thread)
    await client.connect()
    await client.query('select count(*) from workspaces')
    await client.end()
  } finally {
    await thread.close()
  }
}

function hasDatabase(dataFolder: string): Problem {
  const detail = `${dataFolder} has a database already: nothing is written over.`
  const fix = 'Name an empty folder with DATA_DIR, or move that one away.'
  return new Problem('conflict', { detail: `${detail} ${fix}`, errors: [{ pointer: 'DATA_DIR', detail, fix }] })
}

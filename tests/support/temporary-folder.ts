import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'

/** Linux keeps what lies here in memory. */
const IN_MEMORY = '/dev/shm'

/** More than all the data folders, databases and clones that lie there at one time. */
const ROOM = 4 * 1024 ** 3

/**
 * Before all tests: a folder for what they and their processes put in the system's one, in memory where there is room. An
 * embedded database is a thousand files, and PostgreSQL waits for the disk at each commit; no test can take the power away.
 */
export default function provideTemporaryFolder(): () => void {
  const folder = mkdtempSync(join(hasRoom() ? IN_MEMORY : tmpdir(), `${PREFIX}${process.pid}-`))
  // PostgreSQL may run as a user of its own.
  chmodSync(folder, 0o711)
  removeAbandoned(join(folder, '..'))
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

const PREFIX = 'sluice-tests-'

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY)
    return bavail * bsize >= ROOM && freemem() >= 2 * ROOM
  } catch {
    return false
  }
}

/** Of runs that were killed, which would hold memory until the machine is started again. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent).filter((name) => name.startsWith(PREFIX))) {
    if (!isRunning(Number(name.slice(PREFIX.length).split('-', 1)[0])))
      rmSync(join(parent, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

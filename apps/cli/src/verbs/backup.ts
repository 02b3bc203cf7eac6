import { linkSync, rmSync, writeFileSync } from 'node:fs'
import { ApiProblem } from '../admin-api.ts'
import { working } from '../ask.ts'
import { command } from '../command.ts'
import { withGateway } from '../connect.ts'
import { answer, print } from '../print.ts'
import { readBytes } from '../read-document.ts'

export function backupCommand() {
  return command('backup', 'copy the embedded database into a file, while it is used', [
    'sluice backup sluice.backup',
    'sluice backup "sluice-$(date +%F).backup"',
  ])
    .addHelpText(
      'after',
      `
Secrets are sealed in it, and the master key is not: keep a copy of DATA_DIR/master.key elsewhere. PostgreSQL has its own
programs: docs/how-to/back-up-and-restore.md.`,
    )
    .argument('<file>', 'a new file')
    .action(async (file, options) => {
      const bytes = await withGateway((api) => working('Copying the database', () => api.bytes('/backup')))
      writeNew(file, bytes)
      const told = { file, bytes: bytes.byteLength }
      answer(
        options,
        told,
        () => `Wrote ${file}, ${(bytes.byteLength / 1024 / 1024).toFixed(1)} MB. The master key is not in it.`,
      )
    })
}

export function restoreCommand() {
  return command('restore', 'make the embedded database from a backup; no gateway may run on it', [
    'sluice restore sluice.backup',
    'DATA_DIR=/var/lib/sluice sluice restore sluice.backup',
  ])
    .addHelpText(
      'after',
      `
Nothing is written over: DATA_DIR must have no database. Put the master.key of then there, too, or set MASTER_KEY: without it
the gateway does not start where the backup holds secrets.`,
    )
    .argument('<file>', 'what `sluice backup` wrote')
    .action(async (file, options) => {
      readBytes(file)
      const { loadConfig, restoreLocal } = await import('@sluice/gateway')
      const dataDir = await working('Restoring', () => restoreLocal(loadConfig(), file))
      if (options.json) return print(JSON.stringify({ dataDir }))
      print(
        `Restored into ${dataDir}. Its secrets open with the master key of then: ${dataDir}/master.key, or MASTER_KEY.`,
      )
      print('Admin keys of then are good; `sluice admin-key create --local` makes another.')
    })
}

/** All of it or nothing, readable by its owner alone. @throws ApiProblem for a file that is there */
function writeNew(file: string, bytes: Uint8Array): void {
  const temporary = `${file}.${process.pid}`
  try {
    writeFileSync(temporary, bytes, { mode: 0o600, flush: true })
    linkSync(temporary, file)
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST'
    const detail = isThere
      ? `${file} is there already: nothing is written over.`
      : `${file} cannot be written: ${error}`
    throw new ApiProblem({ detail })
  } finally {
    rmSync(temporary, { force: true })
  }
}

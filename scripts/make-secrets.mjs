// Writes the random secrets of a compose installation into a folder, each once: a second run changes nothing.
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder] = process.argv.slice(2)
if (!folder) throw new Error('Name the folder to write to.')

const password = once('database-password', () => randomBytes(24).toString('hex'))
once('database-url', () => `postgres://sluice:${password}@database:5432/sluice`)
once('master-key', () => randomBytes(32).toString('base64'))

function once(name, make) {
  const file = join(folder, name)
  if (!existsSync(file)) {
    // Under another name first: a container that is killed leaves the secret whole or not at all.
    writeFileSync(`${file}.new`, make(), { flush: true })
    // The database and the gateway run as users of their own; the volume is seen by these containers alone.
    chmodSync(`${file}.new`, 0o444)
    renameSync(`${file}.new`, file)
  }
  return readFileSync(file, 'utf8')
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { freePort } from '../support/free-port.ts'
import { type Started, started } from '../support/started.ts'

const PROGRAM = '/usr/sbin/pdns_server'
const SCHEMA = '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql'

/** Debian's pdns-server and pdns-backend-sqlite3. */
export const hasPowerDns = existsSync(PROGRAM) && existsSync(SCHEMA)

/** PowerDNS's authoritative server, with its API and a database of its own. */
export async function startPowerDns(key: string): Promise<Started> {
  const [port, dnsPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}/api/v1`
  const isUp = async () => (await fetch(`${url}/servers`, { headers: { 'x-api-key': key } })).ok
  return started(url, (folder) => commandIn(folder, { port, dnsPort, key }), isUp)
}

function commandIn(folder: string, settings: { port: number; dnsPort: number; key: string }): string[] {
  const database = join(folder, 'zones.sqlite')
  const db = new DatabaseSync(database)
  db.exec(readFileSync(SCHEMA, 'utf8'))
  db.close()
  writeFileSync(
    join(folder, 'pdns.conf'),
    [
      ...['launch=gsqlite3', `gsqlite3-database=${database}`, 'gsqlite3-dnssec=yes', `socket-dir=${folder}`],
      ...['local-address=127.0.0.1', `local-port=${settings.dnsPort}`, 'daemon=no', 'guardian=no'],
      ...['api=yes', `api-key=${settings.key}`, 'webserver=yes', 'webserver-address=127.0.0.1'],
      `webserver-port=${settings.port}`,
    ].join('\n'),
  )
  return [PROGRAM, `--config-dir=${folder}`]
}

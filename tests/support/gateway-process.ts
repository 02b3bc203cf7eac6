import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { type Spawned, spawned } from './spawned.ts'

/** What a gateway keeps, and on which database; it outlives the process. */
export interface GatewayHome {
  readonly dataDir: string
  readonly env: Record<string, string>
  /** Takes the database away for good, as a fault would; absent for the embedded one, which cannot be away. */
  cutOff?(): Promise<void>
  remove(): Promise<void>
}

/** The real gateway, in a process of its own. */
export interface GatewayProcess extends Pick<Spawned, 'output' | 'end' | 'pid'> {
  readonly url: string
  readonly adminKey: string
}

/** For gateways that are started with it. */
export const INSTALLATION_KEY = 'the-installation-key-of-these-tests'

export type DatabaseKind = 'embedded' | 'postgres'

/** The databases that journeys run on. */
export const DATABASES: readonly DatabaseKind[] = inject('postgresUrl') ? ['embedded', 'postgres'] : ['embedded']

/** An empty data folder, and an empty database on PostgreSQL where that is wanted. */
export async function newHome(kind: DatabaseKind): Promise<GatewayHome> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-home-'))
  const removeFolder = () => rmSync(dataDir, { recursive: true, force: true })
  if (kind === 'embedded') return { dataDir, env: { DATA_DIR: dataDir }, remove: async () => removeFolder() }
  const name = `sluice_journey_${randomUUID().replaceAll('-', '')}`
  await onServer(`create database ${name}`)
  const url = new URL(inject('postgresUrl')!)
  url.pathname = name
  return {
    dataDir,
    env: { DATA_DIR: dataDir, DATABASE_URL: url.href },
    cutOff: async () => {
      await onServer(`alter database ${name} with allow_connections false`)
      await onServer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
    },
    remove: async () => {
      removeFolder()
      await onServer(`drop database ${name} with (force)`)
    },
  }
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client(inject('postgresUrl'))
  await client.connect()
  await client.query(sql)
  await client.end()
}

/** Starts the gateway as `sluice start` does and waits until it listens. `main` is a program that has it within. */
export async function startGateway(
  home: GatewayHome,
  env: Record<string, string> = {},
  main = 'apps/gateway/src/main.ts',
): Promise<GatewayProcess> {
  const command = [process.execPath, '--import', './scripts/fast-resolve.mjs', main]
  const { firstLine, output, end, pid } = spawned([], { PORT: '0', LOG_FORMAT: 'json', ...home.env, ...env }, command)
  const { url } = JSON.parse(await firstLine) as { url: string }
  return { url, adminKey: readFileSync(join(home.dataDir, 'admin.key'), 'utf8').trim(), output, pid, end }
}

import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { cleanEnv, collect, ROOT } from './spawned.ts'

/** What a gateway keeps, and on which database; it outlives the process. */
export interface GatewayHome {
  readonly dataDir: string
  readonly env: Record<string, string>
  remove(): Promise<void>
}

/** The real gateway, in a process of its own. */
export interface GatewayProcess {
  readonly url: string
  readonly adminKey: string
  readonly output: { readonly stdout: string; readonly stderr: string }
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | null>
  readonly pid: number
}

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

/** Starts the gateway as `sluice start` does and waits until it listens. */
export async function startGateway(home: GatewayHome, env: Record<string, string> = {}): Promise<GatewayProcess> {
  const child = spawn(process.execPath, ['--import', './scripts/fast-resolve.mjs', 'apps/gateway/src/main.ts'], {
    cwd: ROOT,
    env: cleanEnv({ PORT: '0', LOG_FORMAT: 'json', ...home.env, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = collect(child)
  const exited = once(child, 'exit') as Promise<[number | null]>
  const url = await listeningUrl(output, exited)
  return {
    url,
    adminKey: readFileSync(join(home.dataDir, 'admin.key'), 'utf8').trim(),
    output,
    pid: child.pid!,
    async end(signal) {
      child.kill(signal)
      const [code] = await exited
      return code
    },
  }
}

async function listeningUrl(output: { stdout: string; stderr: string }, exited: Promise<unknown>): Promise<string> {
  let isOver = false
  void exited.then(() => {
    isOver = true
  })
  for (;;) {
    const url = /"url":"([^"]+)","database"/.exec(output.stdout)?.[1]
    if (url) return url
    if (isOver) throw new Error(`the gateway ended before it listened:\n${output.stdout}\n${output.stderr}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

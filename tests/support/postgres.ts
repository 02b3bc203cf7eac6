import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { freePort } from './free-port.ts'
import { processesBelow } from './processes.ts'

/**
 * Before all tests: a PostgreSQL server for those that run on both databases. The one that TEST_DATABASE_URL names, else one
 * started from the installed programs, else none, which is said.
 */
export default async function provideDatabase(project: TestProject): Promise<() => void> {
  const given = process.env.TEST_DATABASE_URL
  if (given) {
    project.provide('postgresUrl', given)
    return () => {}
  }
  const server = await startPostgres()
  if (!server) {
    process.stdout.write(
      'PostgreSQL is not installed and TEST_DATABASE_URL is not set: the tests run on the embedded database only.\n',
    )
    project.provide('postgresUrl', undefined)
    return () => {}
  }
  project.provide('postgresUrl', server.url)
  return server.stop
}

/** The newest installed version, where Debian and others put it. */
function findPrograms(): string | undefined {
  const base = '/usr/lib/postgresql'
  if (!existsSync(base)) return undefined
  const [newest] = readdirSync(base).toSorted((a, b) => Number(b) - Number(a))
  const programs = join(base, newest ?? '', 'bin')
  return newest && Number(newest) >= 15 && existsSync(join(programs, 'initdb')) ? programs : undefined
}

/** A PostgreSQL of one's own. */
export interface OwnPostgres {
  readonly url: string
  /** It keeps its connections and answers nothing, as on a machine that hangs. */
  pause(): void
  resume(): void
  /** Every connection ends. */
  restart(): void
  stop(): void
}

/** A server from the installed programs, if there are any. PostgreSQL does not run as root: then it runs as the user that its package made. */
export async function startPostgres(): Promise<OwnPostgres | undefined> {
  const programs = findPrograms()
  if (!programs) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'sluice-postgres-'))
  const isRoot = userInfo().uid === 0
  if (isRoot)
    chownSync(folder, Number(execFileSync('id', ['-u', 'postgres'])), Number(execFileSync('id', ['-g', 'postgres'])))
  const run = (program: string, ...args: string[]) => {
    const command = [join(programs, program), ...args].map((word) => `'${word}'`).join(' ')
    if (isRoot) execFileSync('su', ['postgres', '-c', command], { stdio: 'pipe', cwd: '/' })
    else execFileSync(join(programs, program), args, { stdio: 'pipe' })
  }
  const port = await freePort()
  const data = join(folder, 'data')
  run('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync')
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=on -c max_connections=200`
  const start = () => run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', settings, 'start')
  start()
  const signal = (name: NodeJS.Signals) => {
    const server = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n', 1)[0])
    for (const pid of [server, ...processesBelow(server)]) process.kill(pid, name)
  }
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    restart: () => {
      run('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop')
      start()
    },
    stop: () => {
      run('pg_ctl', '-D', data, '-m', 'immediate', 'stop')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server whose user may create databases; undefined: the tests run on the embedded database only. */
    postgresUrl: string | undefined
  }
}

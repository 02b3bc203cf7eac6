import cluster from 'node:cluster'
import { type Observe, Problem } from '@sluice/contract'
import { DataFolderInUse } from '@sluice/store'
import { ConfigFault, loadConfig } from './config.ts'
import { lastingOutput } from './lasting-output.ts'
import { linesTogether } from './lines-together.ts'
import { CannotListen, PortInUse } from './listen.ts'
import { createObserve } from './observe.ts'
import { runWorkers } from './run-workers.ts'
import { start } from './start.ts'
import { STOP, stopped } from './stopped.ts'

/**
 * The gateway as a process: configuration from the environment, signals, exit codes. Resolves when it has stopped.
 * `format` is for who asks for a log format on the command line.
 */
export async function runGateway(format?: 'json'): Promise<void> {
  // Node's own warnings come this way.
  process.stderr.on('error', () => {})
  try {
    const config = loadConfig()
    if (config.workers > 1 && cluster.isPrimary) return await runWorkers(config.workers)
    // It may be told to end while it starts.
    const told = cluster.isWorker ? toldToStop() : undefined
    const wanted = format ?? config.logFormat
    const isText = wanted === 'text' || (wanted === 'auto' && process.stdout.isTTY === true)
    const write = lastingOutput(process.stdout, (lost) => observe({ kind: 'log.lost', lines: lost }))
    const lines = linesTogether(write, cluster.isWorker ? MOST_AT_ONCE : undefined)
    process.once('exit', lines.flush)
    const observe = ofWorker(createObserve(isText ? 'text' : 'json', lines.write))
    process.on('unhandledRejection', (cause) => observe({ kind: 'bug', where: 'a promise nobody waits for', cause }))
    const gateway = await start(config, observe)
    if (isText && !isFurtherWorker()) lines.write(() => 'Import an API:  ./sluice import <file or URL>\n')
    await stopped(gateway, told)
  } catch (error) {
    if (!isExpected(error)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}

/** What several processes write to one pipe stays in one piece up to 4,096 bytes (pipe(7), PIPE_BUF); a character may take three. */
const MOST_AT_ONCE = 1_300

/** That the gateway listens, and ends, is said by one of several workers. */
function ofWorker(observe: Observe): Observe {
  if (!isFurtherWorker()) return observe
  return (observation) => void (observation.kind.startsWith('gateway.') || observe(observation))
}

function isFurtherWorker(): boolean {
  return (cluster.worker?.id ?? 1) > 1
}

/** What a person can mend; anything else is a bug and keeps its stack. */
export function isExpected(error: unknown): error is Error {
  return (
    error instanceof ConfigFault ||
    error instanceof PortInUse ||
    error instanceof CannotListen ||
    error instanceof DataFolderInUse ||
    error instanceof Problem
  )
}

/** A worker is told by a message: a terminal interrupts all its processes, and whoever started this one says when it ends. */
function toldToStop(): Promise<void> {
  process.on('SIGINT', () => {})
  return new Promise((resolve) => process.on('message', (message) => message === STOP && resolve()))
}

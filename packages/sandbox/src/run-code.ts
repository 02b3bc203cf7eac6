import type { ChildProcess } from 'node:child_process'
import { extname } from 'node:path'
import { type CancelSignal, LIMITS } from '@sluice/contract'
import { type CodeReply, callsOf } from './code-calls.ts'
import type { CodeFailure, CodeResult, CodeTask, HostReply } from './code-protocol.ts'
import { forkChild } from './fork-child.ts'
import { readFromChild } from './read-from-child.ts'
import { takeTurns } from './take-turns.ts'

export interface CodeRun {
  /** JavaScript or TypeScript: the body of an async function of `api` and `call`. */
  readonly source: string
  /** JSON text of `args`, where the code is to be given some. */
  readonly argsText?: string
  /** It is compiled, and not run. */
  readonly onlyCompiled?: boolean
  /** Makes a call of the code; it never rejects. */
  readonly call: (name: string, argsText: string) => Promise<CodeReply>
  /** Whose code it is: of one owner, one runs at a time, and those of one workspace leave room for others. */
  readonly owner: string
  readonly workspaceId: string
  /** Milliseconds of `Date.now()`. */
  readonly deadline: number
  readonly signal: CancelSignal
}

export interface RanCode {
  readonly result: CodeResult
  readonly calls: number
}

export interface CodeOptions {
  /** Processes at most. */
  readonly children: number
  /** Of them, those that one workspace has at once. */
  readonly childrenOfOne: number
  readonly cpuMs: number
  readonly isolateMb: number
  /** Megabytes that a process may hold, the engine included. */
  readonly memoryMb: number
  readonly maxBytes: number
  readonly maxCalls: number
  readonly callsAtOnce: number
  /** Characters of the arguments of one call, and of all. */
  readonly maxArgsChars: number
  readonly maxArgsCharsTogether: number
}

export const CODE_DEFAULTS: CodeOptions = {
  children: 4,
  childrenOfOne: 2,
  cpuMs: 2_000,
  isolateMb: 64,
  memoryMb: 300,
  maxBytes: 1024 * 1024,
  maxCalls: 50,
  callsAtOnce: 10,
  maxArgsChars: LIMITS.mcpBodyBytes,
  maxArgsCharsTogether: 4 * LIMITS.mcpBodyBytes,
}

export type RunCode = (run: CodeRun) => Promise<RanCode>

export interface CodeRunner {
  /** Runs code in a process of its own. It never rejects because of the code. */
  readonly run: RunCode
  close(): void
}

export function createCodeRunner(options: CodeOptions): CodeRunner {
  const children = new Set<ChildProcess>()
  const turns = takeTurns(options.children, options.childrenOfOne)
  /** Started ahead: a process takes a tenth of a second. */
  let spare: ChildProcess | undefined
  let closed = false

  function start(): ChildProcess {
    const child = forkChild(CHILD_MODULE, options.memoryMb, [options.cpuMs + OWN_CPU_MS])
    child.on('error', () => {})
    child.once('exit', () => {
      children.delete(child)
      if (spare === child) spare = undefined
    })
    children.add(child)
    return child
  }

  return {
    async run(run) {
      const turn = await turns.take(run)
      if ('why' in turn) return { result: { failure: turn.why, logs: [] }, calls: 0 }
      if (closed) return { result: { failure: ABORTED, logs: [] }, calls: 0 }
      const child = spare ?? start()
      spare = start()
      try {
        return await runIn(child, run, options)
      } finally {
        child.kill('SIGKILL')
        turn.leave()
      }
    },
    close() {
      closed = true
      for (const child of children) child.kill('SIGKILL')
    },
  }
}

const CHILD_MODULE = new URL(`./code-child${extname(import.meta.url)}`, import.meta.url)

/** Until it answers, dies, is given up, or its time is over. */
async function runIn(child: ChildProcess, run: CodeRun, options: CodeOptions): Promise<RanCode> {
  const { promise, resolve } = Promise.withResolvers<CodeResult>()
  const fail = (failure: CodeFailure) => resolve({ failure, logs: [] })
  const calls = callsOf(run.call, options, (reply) => written(child, reply))
  const timer = setTimeout(() => fail(LATE), Math.max(0, run.deadline - Date.now()))
  const abort = () => fail(ABORTED)
  run.signal.addEventListener('abort', abort)
  if (run.signal.aborted) abort()
  // Its own limits are inside; this one is for what they do not catch. Waiting for calls is not running.
  const guard = guardTime(
    options.cpuMs + GRACE_MS,
    () => !calls.isWaiting(),
    () => fail(STUCK),
  )
  child.on('message', (said: unknown) => {
    const message = readFromChild(said)
    if (!message) return fail(DEAD)
    guard.seen()
    if (message === 'ready') return
    if ('call' in message) calls.make(message.call)
    else resolve(message.result)
  })
  child.once('exit', () => fail(DEAD))
  if (child.exitCode !== null || child.signalCode !== null) fail(DEAD)
  child.send({ task: taskOf(run, options) }, () => {})
  try {
    const result = await promise
    // Whatever it left to be done is not done any more.
    child.kill('SIGKILL')
    // The calls that it began and did not wait for are not left half done.
    await calls.settled()
    return { result, calls: calls.made() }
  } finally {
    clearTimeout(timer)
    guard.end()
    run.signal.removeEventListener('abort', abort)
  }
}

function taskOf({ source, argsText, onlyCompiled }: CodeRun, options: CodeOptions): CodeTask {
  const { cpuMs, isolateMb, maxBytes, maxCalls, maxArgsChars, maxArgsCharsTogether } = options
  return { source, argsText, onlyCompiled, cpuMs, isolateMb, maxBytes, maxCalls, maxArgsChars, maxArgsCharsTogether }
}

/** Resolves once the child has taken it in, or never will. */
function written(child: ChildProcess, reply: HostReply): Promise<void> {
  return new Promise((resolve) => {
    if (child.connected) child.send({ reply }, () => resolve())
    else resolve()
  })
}

/** Of a process besides the code: starting, reading, collecting garbage. */
const OWN_CPU_MS = 2_000
const GRACE_MS = 1_000
const LATE: CodeFailure = { name: 'Deadline', message: 'was not done in time and was stopped' }
const ABORTED: CodeFailure = { name: 'Aborted', message: 'was given up' }
const STUCK: CodeFailure = { name: 'Time', message: 'ran for too long without waiting and was stopped' }
const DEAD: CodeFailure = {
  name: 'Memory',
  message: 'was stopped together with its process, because it took too much memory or time',
}

/** Calls `act` when nothing was seen for `ms` while there was something to see. */
function guardTime(ms: number, isRunning: () => boolean, act: () => void) {
  let since = Date.now()
  const timer = setInterval(() => {
    if (!isRunning()) since = Date.now()
    else if (Date.now() - since > ms) act()
  }, 100)
  return {
    seen: () => {
      since = Date.now()
    },
    end: () => clearInterval(timer),
  }
}

import { type ChildProcess, fork } from 'node:child_process'
import { extname } from 'node:path'
import type { CodeFailure, CodeResult, CodeTask, FromCodeChild, HostReply } from './code-protocol.ts'
import { takeTurns } from './take-turns.ts'

/** What came of a call that the code made: `text` is JSON of `{data, status, headers}`, or of what the error says. */
export type CodeReply = Omit<HostReply, 'callId'>

export interface CodeRun {
  /** JavaScript or TypeScript: the body of an async function of `api` and `call`. */
  readonly source: string
  /** JSON text of `args`, where the code is to be given some. */
  readonly argsText?: string
  /** Makes a call of the code; it never rejects. */
  readonly call: (name: string, argsText: string) => Promise<CodeReply>
  /** Whose code it is: of one owner, one runs at a time. */
  readonly owner: string
  /** Milliseconds of `Date.now()`. */
  readonly deadline: number
  readonly signal: AbortSignal
}

export interface RanCode {
  readonly result: CodeResult
  readonly calls: number
}

export interface CodeOptions {
  /** Processes at most. */
  readonly children: number
  readonly cpuMs: number
  readonly isolateMb: number
  /** Megabytes that a process may hold, the engine included. */
  readonly memoryMb: number
  readonly maxBytes: number
  readonly maxCalls: number
  readonly callsAtOnce: number
}

export const CODE_DEFAULTS: CodeOptions = {
  children: 2,
  cpuMs: 2_000,
  isolateMb: 64,
  memoryMb: 300,
  maxBytes: 1024 * 1024,
  maxCalls: 50,
  callsAtOnce: 10,
}

export type RunCode = (run: CodeRun) => Promise<RanCode>

export interface CodeRunner {
  /** Runs code in a process of its own. It never rejects because of the code. */
  readonly run: RunCode
  close(): void
}

export function createCodeRunner(options: CodeOptions): CodeRunner {
  const children = new Set<ChildProcess>()
  const turns = takeTurns(options.children)
  /** Started ahead: a process takes a tenth of a second. */
  let spare: ChildProcess | undefined

  function start(): ChildProcess {
    const child = fork(CHILD_MODULE, [String(options.memoryMb)], {
      env: {},
      execArgv: [`--max-old-space-size=${options.memoryMb}`, '--max-semi-space-size=8', '--no-node-snapshot'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    child.unref()
    child.channel?.unref()
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
      const turn = await turns.take(run.owner, run)
      if ('why' in turn) return { result: { failure: turn.why, logs: [] }, calls: 0 }
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
      for (const child of children) child.kill('SIGKILL')
    },
  }
}

const CHILD_MODULE = new URL(`./code-child${extname(import.meta.url)}`, import.meta.url)

/** Until it answers, dies, is given up, or its time is over. */
async function runIn(child: ChildProcess, run: CodeRun, options: CodeOptions): Promise<RanCode> {
  const { promise, resolve } = Promise.withResolvers<CodeResult>()
  const fail = (failure: CodeFailure) => resolve({ failure, logs: [] })
  const calls = callsOf(run, options, (reply) => child.connected && child.send({ reply }))
  const { cpuMs, isolateMb, maxBytes, maxCalls } = options
  const timer = setTimeout(() => fail(LATE), Math.max(0, run.deadline - Date.now()))
  const abort = () => fail(ABORTED)
  run.signal.addEventListener('abort', abort)
  // Its own limits are inside; this one is for what they do not catch. Waiting for calls is not running.
  const guard = guardTime(
    cpuMs + GRACE_MS,
    () => !calls.isWaiting(),
    () => fail(STUCK),
  )
  child.on('message', (message: FromCodeChild) => {
    guard.seen()
    if (message === 'ready') return
    if ('call' in message) calls.make(message.call)
    else resolve(message.result)
  })
  child.once('exit', () => fail(DEAD))
  if (child.exitCode !== null || child.signalCode !== null) fail(DEAD)
  const { source, argsText } = run
  const task: CodeTask = { source, argsText, cpuMs, isolateMb, maxBytes, maxCalls }
  child.send({ task }, () => {})
  try {
    const result = await promise
    // What it began and did not wait for is not left half done.
    await calls.settled()
    return { result, calls: calls.made() }
  } finally {
    clearTimeout(timer)
    guard.end()
    run.signal.removeEventListener('abort', abort)
  }
}

const GRACE_MS = 1_000
const LATE: CodeFailure = { name: 'Deadline', message: 'was not done in time and was stopped' }
const ABORTED: CodeFailure = { name: 'Aborted', message: 'was given up' }
const STUCK: CodeFailure = { name: 'Time', message: 'ran for too long without waiting and was stopped' }
const DEAD: CodeFailure = { name: 'Memory', message: 'ended its process, probably because it took too much memory' }

/** The calls of one run: so many in all, and so many at once. */
function callsOf({ call }: CodeRun, { maxCalls, callsAtOnce }: CodeOptions, reply: (reply: HostReply) => void) {
  const queue: Array<{ callId: number; name: string; argsText: string }> = []
  const running = new Set<Promise<void>>()
  let made = 0
  let over = false

  function next(): void {
    while (running.size < callsAtOnce && queue.length > 0 && !over) {
      const { callId, name, argsText } = queue.shift()!
      const done: Promise<void> = call(name, argsText).then((answer) => {
        running.delete(done)
        reply({ callId, ...answer })
        next()
      })
      running.add(done)
    }
  }

  return {
    make(asked: { callId: number; name: string; argsText: string }): void {
      // The child counts as well; it is not believed.
      if (++made > maxCalls) return
      queue.push(asked)
      next()
    },
    isWaiting: () => running.size > 0 || queue.length > 0,
    made: () => made,
    async settled(): Promise<void> {
      over = true
      await Promise.all(running)
    },
  }
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

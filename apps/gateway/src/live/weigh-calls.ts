import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { createBoundedMap } from '@sluice/calls'
import type { CallTokens } from '@sluice/contract'
import { forkAside } from '../fork-aside.ts'

/** An answer of an API as text, secrets masked, and what the model was sent of it. */
interface Texts {
  readonly raw: string
  readonly sent: string
}

export interface TextsToCount extends Texts {
  readonly id: number
}

export interface CountedTexts {
  readonly id: number
  readonly tokens: Pick<CallTokens, 'raw' | 'sent'>
  /** What counting took. */
  readonly ms: number
}

/** What answers cost a model, counted beside the calls and within a share of one processor. */
export interface CallWeigher {
  /** Soon where it is counted; at once, from what the tool's answers weighed before, where that would take too much or the process that counts only starts. */
  readonly weigh: (toolId: string, texts: Texts) => Promise<CallTokens>
  /** Once all that wait now have been told; what was kept back for more to join it is counted at once. */
  readonly settled: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Who is to be told of a count. */
interface Waiting {
  readonly id: number
  readonly told: Promise<CallTokens>
  readonly counted: (tokens: CallTokens) => void
  readonly lost: () => void
}

/** Of one processor; what is over is reckoned. */
const SHARE = 0.02
/** A pause fills it this far. */
const MOST_SAVED_MS = 200
/** Answers are handed over together: waking a process, and being woken by it, costs more than counting some small answers. */
const TOGETHER_MS = 50
/** What a message there and one back take beside the counting. */
const MESSAGES_MS = 0.5
/** Texts that wait: a burst of calls must not pile up. */
const MOST_WAITING = 20
/** Of JSON, before anything of a tool was counted. */
const USUAL_TOKENS_PER_CHAR = 0.28
/** A new count moves the ratio of its tool by so much. */
const WEIGHT = 0.3
const MOST_TOOLS = 5_000
/** Handing over a longer text would hold up calls. */
const MOST_CHARS = 256 * 1024

export function createCallWeigher(): CallWeigher {
  let waiting: Waiting[] = []
  const ratios = createBoundedMap<number>({ mostEntries: MOST_TOOLS })
  let counter: ChildProcess | undefined
  let isReady = false
  let nextId = 0
  let batch: TextsToCount[] = []
  let [allowanceMs, since] = [MOST_SAVED_MS, performance.now()]

  function reckon(toolId: string, { raw, sent }: Texts): CallTokens {
    const ratio = ratios.get(toolId) ?? USUAL_TOKENS_PER_CHAR
    return { raw: Math.round(raw.length * ratio), sent: Math.round(sent.length * ratio), isReckoned: true }
  }

  function learn(toolId: string, chars: number, tokens: number): void {
    if (chars === 0) return
    const before = ratios.get(toolId) ?? tokens / chars
    ratios.set(toolId, before + (tokens / chars - before) * WEIGHT)
  }

  function mayCount(): boolean {
    const now = performance.now()
    allowanceMs = Math.min(MOST_SAVED_MS, allowanceMs + (now - since) * SHARE)
    since = now
    return isReady && allowanceMs > 0 && waiting.length < MOST_WAITING
  }

  function start(): ChildProcess {
    const started = forkAside(COUNTER, [], { execArgv: COLLECTING, stdin: 'ignore' })
    started.on('message', (said: readonly CountedTexts[] | 'ready') => {
      isReady = true
      if (said === 'ready') return
      allowanceMs -= said.reduce((sum, { ms }) => sum + ms, MESSAGES_MS)
      for (const { id, tokens } of said) waiting.find((one) => one.id === id)?.counted(tokens)
    })
    // One that could not be started has no end but this.
    started.on('error', () => forget(started)).on('close', () => forget(started))
    return started
  }

  /** A system that is short of memory may refuse at once: the call, which was made, must not fail for it. */
  function startIfPossible(): ChildProcess | undefined {
    try {
      return start()
    } catch {
      return undefined
    }
  }

  /** Who waits is told what is reckoned; the next call starts another. */
  function forget(ended: ChildProcess): void {
    if (counter !== ended) return
    counter = undefined
    isReady = false
    for (const { lost } of waiting) lost()
    waiting = []
  }

  function handOver(texts: TextsToCount): void {
    batch.push(texts)
    if (batch.length > 1) return
    setTimeout(send, TOGETHER_MS).unref()
  }

  function send(): void {
    // Of one that is gone meanwhile its end tells.
    if (batch.length > 0) counter?.send(batch, () => {})
    batch = []
  }

  return {
    weigh: (toolId, texts) => {
      counter ??= startIfPossible()
      if (!mayCount() || texts.raw.length > MOST_CHARS) return Promise.resolve(reckon(toolId, texts))
      const id = nextId++
      const { promise: told, resolve } = Promise.withResolvers<CallTokens>()
      const counted = (tokens: CallTokens) => {
        waiting = waiting.filter((one) => one.id !== id)
        learn(toolId, texts.raw.length + texts.sent.length, tokens.raw + tokens.sent)
        resolve(tokens)
      }
      waiting.push({ id, told, counted, lost: () => resolve(reckon(toolId, texts)) })
      handOver({ id, ...texts })
      return told
    },
    settled: async () => {
      send()
      await Promise.all(waiting.map(({ told }) => told))
    },
    close: async () => {
      if (!counter) return
      // One that could not be started ends with an error.
      const ended = once(counter, 'close').catch(() => {})
      counter.ref()
      counter.kill('SIGKILL')
      await ended
    },
  }
}

/** Beside this module: TypeScript in the repository, JavaScript in a package. */
const COUNTER = new URL(`./token-process${extname(import.meta.url)}`, import.meta.url)
/** It makes little garbage, and has time. */
const COLLECTING = ['--single-threaded-gc', '--max-semi-space-size=2']

import { text as readAll } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { confirm, password, spinner } from '@clack/prompts'
import { Ended, UsageFault } from './command.ts'
import { safe } from './print.ts'

/** Whether a person is there to be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** A question before something that is hard to undo; `--yes` answers it beforehand. @throws UsageFault where nobody can be asked */
export async function confirmed(question: string, yes: boolean | undefined): Promise<boolean> {
  if (yes) return true
  if (!canAsk()) throw new UsageFault(`${question} Nobody is here to be asked: add --yes to do it.`)
  return orEnd(await confirm({ message: safe(question), initialValue: true, output: process.stderr }))
}

/** A secret from standard input, or typed unseen: never from an argument, which other users of the machine can read. */
export async function askSecret(what: string): Promise<string> {
  const secret = canAsk()
    ? orEnd(await password({ message: safe(what), output: process.stderr }))
    : await readAll(process.stdin)
  const value = secret.replace(/\r?\n$/, '')
  if (value === '') throw new UsageFault(`${what} is empty. Type it, or send it: printf %s "$KEY" | sluice …`)
  return value
}

/**
 * Shows on a terminal that long work goes on, on standard error: standard output stays the answer's. The work may say how far
 * it is.
 */
export async function working<T>(what: string, work: (say: (step: string) => void) => Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return work(() => {})
  const shown = spinner({ indicator: 'timer', output: process.stderr, delay: FRAME_MS })
  shown.start(safe(what))
  // What is read in this thread lets no frame through once it has begun.
  await sleep(FRAME_MS + 10)
  try {
    return await work((step) => shown.message(safe(step)))
  } finally {
    shown.clear()
  }
}

const FRAME_MS = 50

/** What was given; Ctrl-C ends the command. */
function orEnd<T>(given: T): Exclude<T, symbol> {
  if (typeof given === 'symbol') throw new Ended(1)
  return given as Exclude<T, symbol>
}

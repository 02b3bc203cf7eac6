import { setTimeout as sleep } from 'node:timers/promises'
import { type AnsweredCall, callOnce } from './call-once.ts'

/** A gateway as the client of a balancer knows it. */
export interface Replica {
  readonly url: string
}

export interface MadeCall {
  readonly kind: 'read' | 'write'
  readonly n: number
  /** Absent: it may have been made, and nobody said so. */
  readonly answer?: AnsweredCall
  /** Why there was no answer. */
  readonly lost?: string
}

/** Calls that go on until they are ended. */
export interface SteadyCalls {
  /** How many were made so far. */
  readonly count: () => number
  /** Waits until as many more were made. */
  readonly more: (count: number) => Promise<void>
  readonly end: () => Promise<readonly MadeCall[]>
}

const AT_ONCE = 8
const EVERY_MS = 20
const MOST_TRIES = 12

/**
 * Reads and writes by turns, each with a number of its own, at one gateway after the other. As a good client does: what was not
 * taken, or was only read, is asked of the next one; a write that may have been made is not made again.
 */
export function steadyCalls(replicas: () => readonly Replica[], path: string, accessKey: string): SteadyCalls {
  const made: MadeCall[] = []
  let [next, isOver] = [0, false]

  async function make(n: number): Promise<MadeCall> {
    const kind = n % 2 === 0 ? 'read' : 'write'
    const [tool, args] = kind === 'read' ? (['get_thing', { id: n }] as const) : (['make_thing', { key: n }] as const)
    let lost = 'there was no gateway'
    for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
      const now = replicas()
      const { url } = now[(n + attempt) % now.length]!
      try {
        return { kind, n, answer: await callOnce(`${url}${path}`, accessKey, tool, args) }
      } catch (error) {
        lost = String((error as NodeJS.ErrnoException).code ?? error)
        if (kind === 'write' && lost !== 'ECONNREFUSED') return { kind, n, lost }
        await sleep(EVERY_MS)
      }
    }
    return { kind, n, lost }
  }

  async function go(): Promise<void> {
    while (!isOver) {
      made.push(await make(next++))
      await sleep(EVERY_MS)
    }
  }

  const going = Array.from({ length: AT_ONCE }, go)
  const count = () => made.length
  return {
    count,
    more: async (wanted) => {
      const until = made.length + wanted
      while (made.length < until) await sleep(EVERY_MS)
    },
    end: async () => {
      isOver = true
      await Promise.all(going)
      return made
    },
  }
}

import { randomUUID } from 'node:crypto'
import type { CancelSignal } from '@sluice/contract'
import { isObject } from '@sluice/schema'

/**
 * What clients of the handshake era are asked within a request: the question goes out on its stream, and the answer comes as a
 * message of its own. Kept in this gateway alone, for as long as the request is open.
 */
export interface OpenAsks {
  /** `answer` is undefined where the client gave none in time, or an error. */
  readonly open: (principal: string, signal: CancelSignal) => { readonly id: string; readonly answer: Promise<unknown> }
  /** Takes a client's answer; false for a message that is none to anything asked of this caller. */
  readonly take: (principal: string, message: unknown) => boolean
}

/** People are asked: they look, think and type. */
const MOST_MS = 5 * 60_000

export function createOpenAsks(mostMs = MOST_MS): OpenAsks {
  const open = new Map<string, { readonly principal: string; readonly settle: (result: unknown) => void }>()
  return {
    open: (principal, signal) => {
      const id = randomUUID()
      const answer = new Promise((resolve) => {
        const settle = (result: unknown) => {
          clearTimeout(timer)
          signal.removeEventListener('abort', giveUp)
          open.delete(id)
          resolve(result)
        }
        const giveUp = () => settle(undefined)
        const timer = setTimeout(giveUp, mostMs).unref()
        signal.addEventListener('abort', giveUp)
        open.set(id, { principal, settle })
        if (signal.aborted) giveUp()
      })
      return { id, answer }
    },
    take: (principal, message) => {
      if (!isObject(message) || 'method' in message || typeof message.id !== 'string') return false
      const asked = open.get(message.id)
      if (!asked || asked.principal !== principal) return false
      asked.settle(isObject(message.result) ? message.result : undefined)
      return true
    },
  }
}

import { type Cancel, type CancelSignal, createCancel } from '@sluice/contract'
import type { FastifyReply } from 'fastify'
import { createRoster } from '../roster.ts'

/** Calls that are under way. One signal for each costs a tenth of signals that are joined. */
export interface OpenCalls {
  /** Aborted when the client goes away before it has its answer, or when the gateway gives up. */
  readonly follow: (reply: FastifyReply) => CancelSignal
}

export function createOpenCalls(stopping: AbortSignal): OpenCalls {
  const open = createRoster<Cancel>()
  stopping.addEventListener('abort', () => {
    for (const call of open.all()) call.abort()
  })
  return {
    follow: ({ raw }) => {
      const call = createCancel()
      const leave = open.enter(call)
      raw.once('close', () => {
        leave()
        if (!raw.writableFinished) call.abort()
      })
      if (stopping.aborted) call.abort()
      return call.signal
    },
  }
}

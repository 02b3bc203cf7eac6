import type { FastifyReply } from 'fastify'

/** Streams that are open, such as those of clients that listen. */
export interface OpenStreams {
  /** `stillHolds` says whether who opened it would be let in now. */
  readonly add: (reply: FastifyReply, stillHolds: () => boolean, isListening: boolean) => void
  /** Ends those of who only listens, and watches no more. */
  readonly close: () => void
}

/** A revocation is seen within a second. */
const LOOK_EVERY_MS = 1_000

/**
 * Ends streams whose key or access token has been revoked, has expired, or does not open their server any more: they outlive
 * the look at the door.
 */
export function watchStreams(): OpenStreams {
  const open = new Map<FastifyReply, { readonly stillHolds: () => boolean; readonly isListening: boolean }>()
  const look = () => {
    for (const [reply, { stillHolds }] of open) if (!stillHolds()) reply.raw.destroy()
  }
  const timer = setInterval(look, LOOK_EVERY_MS).unref()
  return {
    add: (reply, stillHolds, isListening) => {
      if (reply.raw.destroyed) return
      open.set(reply, { stillHolds, isListening })
      reply.raw.once('close', () => open.delete(reply))
    },
    close: () => {
      clearInterval(timer)
      for (const [reply, { isListening }] of open) if (isListening) reply.raw.destroy()
    },
  }
}

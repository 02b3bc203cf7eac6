import type { FastifyReply } from 'fastify'

/** A stream that is open, such as that of a client that listens. */
export interface OpenStream {
  readonly reply: FastifyReply
  /** Who opened it. */
  readonly callerId: string
  /** Whether who opened it would be let in now. */
  readonly stillHolds: () => boolean
  readonly isListening: boolean
}

export interface OpenStreams {
  readonly add: (stream: OpenStream) => void
  /** Ends those of who only listens, and watches no more. */
  readonly close: () => void
}

/** A revocation is seen within a second. */
const LOOK_EVERY_MS = 1_000
/** Of one caller, in one gateway. A client has one for each server. */
const MOST_LISTENING = 100

/**
 * Ends streams whose key or access token has been revoked, has expired, or does not open their server any more: they outlive
 * the look at the door. Of those who listen with one key the newest stay (S71): a client whose stream ends opens another.
 */
export function watchStreams(mostListening = MOST_LISTENING): OpenStreams {
  const open = new Set<OpenStream>()
  const look = () => {
    for (const { reply, stillHolds } of open) if (!stillHolds()) reply.raw.destroy()
  }
  const timer = setInterval(look, LOOK_EVERY_MS).unref()
  return {
    add: (stream) => {
      const { raw } = stream.reply
      if (raw.destroyed) return
      open.add(stream)
      raw.once('close', () => open.delete(stream))
      if (!stream.isListening) return
      const own = [...open].filter(({ isListening, callerId }) => isListening && callerId === stream.callerId)
      for (const { reply } of own.slice(0, -mostListening)) reply.raw.destroy()
    },
    close: () => {
      clearInterval(timer)
      for (const { reply, isListening } of open) if (isListening) reply.raw.destroy()
    },
  }
}

import type { FastifyReply } from 'fastify'
import { authenticate, type KeyDirectory } from './authenticate.ts'

/** Streams that are open, such as those of clients that listen. */
export interface OpenStreams {
  readonly add: (reply: FastifyReply, serverId: string, isListening: boolean) => void
  /** Ends those of who only listens, and watches no more. */
  readonly close: () => void
}

/** A revocation is seen within a second. */
const LOOK_EVERY_MS = 1_000

/** Ends streams whose key has been revoked, has expired, or does not open their server any more: they outlive the look at the door. */
export function watchStreams(keys: () => KeyDirectory): OpenStreams {
  const open = new Map<FastifyReply, { readonly serverId: string; readonly isListening: boolean }>()
  const look = () => {
    for (const [reply, { serverId }] of open) {
      const key = authenticate(keys(), reply.request.headers.authorization)
      if (!key?.serverIds.has(serverId)) reply.raw.destroy()
    }
  }
  const timer = setInterval(look, LOOK_EVERY_MS).unref()
  return {
    add: (reply, serverId, isListening) => {
      if (reply.raw.destroyed) return
      open.set(reply, { serverId, isListening })
      reply.raw.once('close', () => open.delete(reply))
    },
    close: () => {
      clearInterval(timer)
      for (const [reply, { isListening }] of open) if (isListening) reply.raw.destroy()
    },
  }
}

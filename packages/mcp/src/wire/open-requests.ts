import { createCancel } from '@sluice/contract'
import type { CallRequest, McpSession } from '../mcp-session.ts'
import { type MessageId, messageId } from './frames.ts'
import type { SettledRequest } from './settle-request.ts'

/**
 * What clients of the handshake era wait for. They cancel by a message of their own, and their stream stays open (MCP 2025-11-25,
 * Cancellation). Kept in this gateway alone, for as long as a call goes on.
 */
export interface OpenRequests {
  /** The session for one request: what it calls ends when that is cancelled. */
  readonly follow: (session: McpSession, settled: SettledRequest) => McpSession
  /** Ends what a message cancels, if it is one that does. */
  readonly cancel: (settled: SettledRequest) => void
}

export function createOpenRequests(): OpenRequests {
  const open = new Map<string, () => void>()

  async function run<T>(name: string, request: CallRequest, act: (request: CallRequest) => Promise<T>): Promise<T> {
    const { signal, abort } = createCancel()
    const cancel = () => abort()
    open.set(name, cancel)
    request.signal.addEventListener('abort', cancel)
    if (request.signal.aborted) cancel()
    try {
      return await act({ ...request, signal })
    } finally {
      request.signal.removeEventListener('abort', cancel)
      if (open.get(name) === cancel) open.delete(name)
    }
  }

  return {
    follow(session, settled) {
      const name = nameOf(settled, messageId(settled.message))
      if (name === undefined) return session
      return {
        ...session,
        callTool: (tool, args, request) => run(name, request, (own) => session.callTool(tool, args, own)),
        readResource: (uri, request) => run(name, request, (own) => session.readResource(uri, own)),
      }
    },
    cancel(settled) {
      const { method, params } = settled
      if (method !== 'notifications/cancelled') return
      const name = nameOf(settled, messageId({ id: params.requestId }))
      if (name !== undefined) open.get(name)?.()
    },
  }
}

/** Clients count their requests from nought: an id says which it is among those of its session, and nothing without one. */
function nameOf({ facts }: SettledRequest, id: MessageId): string | undefined {
  return facts?.id === undefined || id === null ? undefined : `${facts.id} ${JSON.stringify(id)}`
}

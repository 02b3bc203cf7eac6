import { ProtocolError, ProtocolErrorCode, type ServerContext } from '@modelcontextprotocol/server'
import { abortSignalOf, type CancelSignal } from '@sluice/contract'
import type { Askable } from '../inputs-wanted.ts'
import type { CallRequest, LogLevel, McpSession } from '../mcp-session.ts'
import { type ListPage, listPage } from '../wire/list-page.ts'
import { isAsUrgent } from '../wire/log-levels.ts'
import type { OpenAsks } from '../wire/open-asks.ts'
import type { SettledRequest } from '../wire/settle-request.ts'

/** One message on its way through the SDK, and whom it is answered for. */
export interface Exchange {
  readonly session: McpSession
  readonly settled: SettledRequest
  /** Arguments that are no object; the SDK has not seen them. */
  readonly args: unknown
  readonly signal: CancelSignal
  readonly askable: Askable
  readonly asks: OpenAsks
  /** From what level on the client wants to hear of what is logged; undefined: not at all. */
  readonly logLevel: LogLevel | undefined
  readonly onBug: (cause: unknown) => void
}

export function callRequest(
  { settled, signal, askable, logLevel }: Exchange,
  { mcpReq }: Pick<ServerContext, 'mcpReq'>,
): CallRequest {
  return {
    client: settled.client,
    meta: settled.params._meta,
    signal: AbortSignal.any([abortSignalOf(signal), mcpReq.signal]),
    askable,
    ...progressTo(mcpReq),
    ...logTo(mcpReq, logLevel),
  }
}

function logTo({ notify }: RequestContext, wanted: LogLevel | undefined): Pick<CallRequest, 'log'> {
  if (wanted === undefined) return {}
  return {
    log: (level, data) => {
      if (!isAsUrgent(level, wanted)) return
      notify({ method: 'notifications/message', params: { level, data } }).catch(() => {})
    },
  }
}

/** @throws ProtocolError for a cursor that is none of ours */
export function pageOf<T>(items: readonly T[], cursor: string | undefined, keyOf: (item: T) => string): ListPage<T> {
  const page = listPage(items, cursor, keyOf)
  if (!page) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The cursor is none that was given here.')
  return page
}

type RequestContext = Pick<ServerContext['mcpReq'], '_meta' | 'notify'>

/** A client that gives a token is told of progress; that it does not hear of it is no failure of the call. */
function progressTo({ _meta, notify }: RequestContext): Pick<CallRequest, 'onProgress'> {
  const progressToken = _meta?.progressToken
  if (progressToken === undefined) return {}
  return {
    onProgress: (progress, message) => {
      const params = { progressToken, progress, ...(message === undefined ? {} : { message }) }
      notify({ method: 'notifications/progress', params }).catch(() => {})
    },
  }
}

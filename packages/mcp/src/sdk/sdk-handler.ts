import {
  createMcpHandler,
  type McpHttpHandler,
  type McpRequestContext,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { isObject } from '@sluice/schema'
import { type McpHttpRequest, type McpHttpResponse, wholeFrame } from '../http-messages.ts'
import type { CallRequest, McpSession } from '../mcp-session.ts'
import { encodeOutcome } from '../wire/encode-outcome.ts'
import { encodeTool } from '../wire/encode-tool.ts'
import { errorFrame, messageId } from '../wire/frames.ts'
import { listPage } from '../wire/list-page.ts'
import { serverInstructions } from '../wire/server-instructions.ts'
import type { SettledRequest } from '../wire/settle-request.ts'
import { paramsFault } from './params-fault.ts'

export interface SdkHandler {
  handle(request: McpHttpRequest, settled: SettledRequest, session: McpSession): Promise<McpHttpResponse>
  /** Tells clients that listen (`subscriptions/listen`) that the tools of a server are not what they were. */
  toolsChanged(serverId: string): void
  close(): Promise<void>
}

/** Hosts the SDK's handler: both eras on one URL, a fresh server object per request, nothing kept between requests. */
export function createSdkHandler(options: {
  readonly version: string
  readonly onBug: (cause: unknown) => void
}): SdkHandler {
  // Who listens to one server hears nothing of another.
  const handlers = new Map<string, McpHttpHandler>()
  const handlerOf = (serverId: string): McpHttpHandler => {
    const known = handlers.get(serverId)
    if (known) return known
    const handler = createMcpHandler((context) => serverFor(context, options.version), {
      legacy: 'stateless',
      onerror: () => {},
    })
    handlers.set(serverId, handler)
    return handler
  }
  return {
    async handle(request, settled, session) {
      const { message, args } = liftArguments(settled.message)
      const fault = settled.era === 'legacy' ? paramsFault(settled.method, message) : undefined
      if (fault !== undefined) return wholeFrame(errorFrame(200, messageId(message), -32602, fault))
      const exchange: Exchange = { session, settled, args, signal: request.signal, onBug: options.onBug }
      const response = await handlerOf(session.server.id).fetch(toWebRequest(request), {
        parsedBody: message,
        // The SDK passes this on unread: our way from the request to the factory below.
        authInfo: { token: '', clientId: '', scopes: [], extra: { exchange } },
      })
      const isListening = settled.method === 'subscriptions/listen'
      return { status: response.status, headers: [...response.headers], body: response.body, isListening }
    },
    toolsChanged: (serverId) => handlers.get(serverId)?.notify.toolsChanged(),
    close: async () => void (await Promise.all([...handlers.values()].map((handler) => handler.close()))),
  }
}

interface Exchange {
  readonly session: McpSession
  readonly settled: SettledRequest
  /** Arguments that are no object; the SDK has not seen them. */
  readonly args: unknown
  readonly signal: AbortSignal
  readonly onBug: (cause: unknown) => void
}

function serverFor(context: McpRequestContext, version: string): Server {
  const { session, settled, args, signal, onBug } = context.authInfo!.extra!.exchange as Exchange
  const { server: about } = session
  const { client, era } = settled
  const server = new Server(
    { name: about.slug, title: about.name, version },
    // Before 2026-07-28 a change is told on a stream of a session, and none is kept.
    {
      capabilities: { tools: context.era === 'modern' ? { listChanged: true } : {} },
      instructions: serverInstructions(about.instructions),
    },
  )
  server.setRequestHandler('tools/list', ({ params }) => {
    const page = listPage(session.listTools(), params?.cursor)
    if (!page) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The cursor is none that was given here.')
    return { ...page, tools: page.tools.map((tool) => encodeTool(tool, client, era)) }
  })
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
    const request = {
      client,
      signal: AbortSignal.any([signal, mcpReq.signal]),
      ...progressTo(mcpReq),
    }
    const outcome = await session.callTool(params.name, args ?? params.arguments, request).catch((cause: unknown) => {
      onBug(cause)
      throw new ProtocolError(
        ProtocolErrorCode.InternalError,
        'Something broke inside Sluice; the operator finds it in the log.',
      )
    })
    if (!outcome) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool "${params.name}" here.`)
    return encodeOutcome(outcome, era)
  })
  return server
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

/**
 * The SDK answers arguments that are no object with a protocol error, which a model never sees. They are taken out of the
 * message, so that the call itself refuses them in words a model can act on.
 */
function liftArguments(message: unknown): { message: unknown; args?: unknown } {
  if (!isObject(message) || message.method !== 'tools/call' || !isObject(message.params)) return { message }
  const { arguments: args } = message.params
  if (args === undefined || args === null || isObject(args)) return { message }
  return { message: { ...message, params: { ...message.params, arguments: {} } }, args }
}

function toWebRequest({ method, url, headers, signal }: McpHttpRequest): Request {
  // The body goes beside it, already parsed.
  return new Request(url, {
    method,
    headers: headers().map(([name, value]): [string, string] => [name, value]),
    signal,
    body: '',
  })
}

import {
  createMcpHandler,
  type McpHttpHandler,
  type McpRequestContext,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { CallOutcome, CatalogServer, ListedTool } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { encodeOutcome } from '../wire/encode-outcome.ts'
import { encodeTool } from '../wire/encode-tool.ts'
import { serverInstructions } from '../wire/server-instructions.ts'
import { type SettledRequest, settleRequest, type WireFault } from '../wire/settle-request.ts'

/** What one caller may see and do on one server. */
export interface McpSession {
  readonly server: CatalogServer
  /** Asked for a list only: a call of one tool looks at no other. */
  readonly listTools: () => readonly ListedTool[]
  /** `undefined`: no tool of that name for this caller. */
  readonly callTool: (name: string, args: unknown, request: CallRequest) => Promise<CallOutcome | undefined>
}

export interface CallRequest {
  readonly client: SettledRequest['client']
  readonly signal: AbortSignal
  /** Set where the client wants to be told. */
  readonly onProgress?: (progress: number, message?: string) => void
}

export interface McpHttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: ReadonlyArray<readonly [string, string]>
  readonly body: string
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}

export interface McpHttpResponse {
  readonly status: number
  readonly headers: ReadonlyArray<readonly [string, string]>
  readonly body: string | ReadableStream<Uint8Array> | null
  /** The body goes on for as long as the client listens. */
  readonly isListening?: boolean
}

export interface McpHost {
  handle(request: McpHttpRequest, session: McpSession): Promise<McpHttpResponse>
  /** Tells clients that listen (`subscriptions/listen`) that the tools of a server are not what they were. */
  toolsChanged(serverId: string): void
  close(): Promise<void>
}

/** Hosts the SDK's handler: both eras on one URL, a fresh server object per request, nothing kept between requests. */
export function createMcpHost(options: {
  readonly version: string
  readonly onBug: (cause: unknown) => void
}): McpHost {
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
    async handle(request, session) {
      const settled = settleRequest(request.body, headerReader(request.headers))
      if ('body' in settled) return faultResponse(settled)
      const { message, args } = liftArguments(settled.message)
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
  const server = new Server(
    { name: about.slug, title: about.name, version },
    // Before 2026-07-28 a change is told on a stream of a session, and none is kept.
    {
      capabilities: { tools: context.era === 'modern' ? { listChanged: true } : {} },
      instructions: serverInstructions(about.instructions),
    },
  )
  server.setRequestHandler('tools/list', () => ({
    tools: session.listTools().map((tool) => encodeTool(tool, settled.client, settled.era)),
  }))
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
    const request = {
      client: settled.client,
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
    return encodeOutcome(outcome, settled.era)
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

function headerReader(headers: McpHttpRequest['headers']): (name: string) => string | undefined {
  return (name) => headers.find(([key]) => key.toLowerCase() === name)?.[1]
}

function faultResponse({ status, body }: WireFault): McpHttpResponse {
  return { status, headers: [['content-type', 'application/json']], body }
}

function toWebRequest({ method, url, headers, signal }: McpHttpRequest): Request {
  // The body goes beside it, already parsed.
  return new Request(url, {
    method,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    signal,
    body: '',
  })
}

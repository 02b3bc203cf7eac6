import {
  createMcpHandler,
  type McpRequestContext,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from '@modelcontextprotocol/server'
import type { CallOutcome, CatalogServer, ListedTool } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { encodeOutcome } from '../wire/encode-outcome.ts'
import { encodeTool } from '../wire/encode-tool.ts'
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
}

export interface McpHost {
  handle(request: McpHttpRequest, session: McpSession): Promise<McpHttpResponse>
  close(): Promise<void>
}

/** Hosts the SDK's handler: both eras on one URL, a fresh server object per request, nothing kept between requests. */
export function createMcpHost(options: {
  readonly version: string
  readonly onBug: (cause: unknown) => void
}): McpHost {
  const handler = createMcpHandler((context) => serverFor(context, options.version), {
    legacy: 'stateless',
    onerror: () => {},
  })
  return {
    async handle(request, session) {
      const settled = settleRequest(request.body, headerReader(request.headers))
      if ('body' in settled) return faultResponse(settled)
      const { message, args } = liftArguments(settled.message)
      const exchange: Exchange = { session, settled, args, signal: request.signal, onBug: options.onBug }
      const response = await handler.fetch(toWebRequest(request), {
        parsedBody: message,
        // The SDK passes this on unread: our way from the request to the factory below.
        authInfo: { token: '', clientId: '', scopes: [], extra: { exchange } },
      })
      return { status: response.status, headers: [...response.headers], body: response.body }
    },
    close: () => handler.close(),
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
    { capabilities: { tools: {} }, ...(about.instructions ? { instructions: about.instructions } : {}) },
  )
  server.setRequestHandler('tools/list', () => ({
    tools: session.listTools().map((tool) => encodeTool(tool, settled.client)),
  }))
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
    const request = { client: settled.client, signal: AbortSignal.any([signal, mcpReq.signal]) }
    const outcome = await session.callTool(params.name, args ?? params.arguments, request).catch((cause: unknown) => {
      onBug(cause)
      throw new ProtocolError(
        ProtocolErrorCode.InternalError,
        'Something broke inside Sluice; the operator finds it in the log.',
      )
    })
    if (!outcome) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool "${params.name}" here.`)
    return encodeOutcome(outcome)
  })
  return server
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

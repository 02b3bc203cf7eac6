import {
  createMcpHandler,
  isInputRequiredResult,
  type McpHttpHandler,
  type McpRequestContext,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from '@modelcontextprotocol/server'
import { abortSignalOf } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { type McpHttpRequest, type McpHttpResponse, wholeFrame } from '../http-messages.ts'
import type { CallRequest, McpSession } from '../mcp-session.ts'
import { askableOf } from '../wire/askable.ts'
import { capabilities } from '../wire/capabilities.ts'
import { encodeOutcome } from '../wire/encode-outcome.ts'
import { encodeTool } from '../wire/encode-tool.ts'
import { errorFrame, messageId } from '../wire/frames.ts'
import { createLogLevels, type LogLevels } from '../wire/log-levels.ts'
import type { OpenAsks } from '../wire/open-asks.ts'
import { serverInfo } from '../wire/server-info.ts'
import { serverInstructions } from '../wire/server-instructions.ts'
import { FIRST_MODERN, type ReadHeader, type SettledRequest } from '../wire/settle-request.ts'
import { unknownResource } from '../wire/unknown-resource.ts'
import { type Exchange, pageOf } from './exchange.ts'
import { internalError } from './internal-error.ts'
import { paramsFault } from './params-fault.ts'
import { serveCompletion } from './serve-completion.ts'
import { serveLogging, wantedLevel } from './serve-logging.ts'
import { servePrompts } from './serve-prompts.ts'
import { serveResources } from './serve-resources.ts'
import { withInputs } from './with-inputs.ts'

export interface SdkHandler {
  handle(request: McpHttpRequest, settled: SettledRequest, session: McpSession): Promise<McpHttpResponse>
  /** Tells clients that listen (`subscriptions/listen`) that the lists of a server are not what they were. */
  listsChanged(serverId: string): void
  close(): Promise<void>
}

/** Hosts the SDK's handler: both eras on one URL, a fresh server object per request, nothing kept between requests. */
export function createSdkHandler(options: {
  readonly version: string
  readonly asks: OpenAsks
  readonly onBug: (cause: unknown) => void
}): SdkHandler {
  const levels = createLogLevels()
  // Who listens to one server hears nothing of another.
  const handlers = new Map<string, McpHttpHandler>()
  const handlerOf = (serverId: string): McpHttpHandler => {
    const known = handlers.get(serverId)
    if (known) return known
    const handler = createMcpHandler((context) => serverFor(context, options.version, levels), {
      legacy: 'stateless',
      onerror: () => {},
    })
    handlers.set(serverId, handler)
    return handler
  }
  return {
    async handle(request, settled, session) {
      const { message, args } = liftArguments(settled.message)
      const fault = saysWhatItIs(settled, request.header) ? paramsFault(settled.method, message) : undefined
      if (fault !== undefined) return wholeFrame(errorFrame(200, messageId(message), -32602, fault))
      const refused = unknownResource(settled, request.header, session)
      if (refused) return wholeFrame(refused)
      const { asks, onBug } = options
      const askable = askableOf(settled)
      const logLevel = session.mayAsk && wantedLevel(settled, levels)
      const exchange: Exchange = { session, settled, args, signal: request.signal, askable, asks, logLevel, onBug }
      const response = await handlerOf(session.server().id).fetch(toWebRequest(request), {
        parsedBody: message,
        // The SDK passes this on unread: our way from the request to the factory below.
        authInfo: { token: '', clientId: '', scopes: [], extra: { exchange } },
      })
      const isListening = settled.method === 'subscriptions/listen'
      return { status: response.status, headers: [...response.headers], body: response.body, isListening }
    },
    listsChanged: (serverId) => {
      const notify = handlers.get(serverId)?.notify
      notify?.toolsChanged()
      notify?.resourcesChanged()
      notify?.promptsChanged()
    },
    close: async () => void (await Promise.all([...handlers.values()].map((handler) => handler.close()))),
  }
}

/** Of a request whose headers contradict it, of another revision or of a method that went with the handshake, the SDK tells that first. */
function saysWhatItIs({ era, method, revision }: SettledRequest, header: ReadHeader): boolean {
  if (era === 'legacy') return true
  if (method === 'initialize' || method === 'ping') return false
  return revision === FIRST_MODERN && header('mcp-protocol-version') === revision && header('mcp-method') === method
}

function serverFor(context: McpRequestContext, version: string, levels: LogLevels): Server {
  const exchange = context.authInfo!.extra!.exchange as Exchange
  const { session, settled, args, onBug } = exchange
  const about = session.server()
  const { client, era } = settled
  const offered = capabilities(session, context.era)
  const server = new Server(serverInfo(about, version, settled.method), {
    capabilities: offered,
    instructions: serverInstructions(about.instructions),
  })
  server.setRequestHandler('tools/list', ({ params }) => {
    const { items, ...more } = pageOf(session.listTools(), params?.cursor, ({ name }) => name)
    return { ...more, tools: items.map((tool) => encodeTool(tool, client, era)) }
  })
  server.setRequestHandler('tools/call', async ({ params: { name, ...params } }, about) => {
    const given = args ?? params.arguments
    const run = (request: CallRequest) => session.callTool(name, given, request).catch(internalError(onBug))
    const outcome = await withInputs(server, exchange, about, { name, args: given, run })
    if (isInputRequiredResult(outcome)) return outcome
    if (!outcome) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool "${name}" here.`)
    return encodeOutcome(outcome, era)
  })
  if (offered.resources) serveResources(server, exchange)
  if (offered.prompts) servePrompts(server, exchange)
  if (offered.completions) serveCompletion(server, exchange)
  if (offered.logging) serveLogging(server, exchange, levels)
  return server
}

/**
 * The SDK answers arguments that are no object with a protocol error, which a model never sees. They are taken out of the
 * message, so that the call itself refuses them in words a model can act on.
 */
function liftArguments(message: unknown): { message: unknown; args?: unknown } {
  if (!isObject(message) || message.method !== 'tools/call' || !isObject(message.params)) return { message }
  const { arguments: args } = message.params
  if (args === undefined || isObject(args)) return { message }
  return { message: { ...message, params: { ...message.params, arguments: {} } }, args }
}

function toWebRequest({ method, url, headers, signal }: McpHttpRequest): Request {
  // The body goes beside it, already parsed.
  return new Request(url(), {
    method,
    headers: headers().map(([name, value]): [string, string] => [name, value]),
    signal: abortSignalOf(signal),
    body: '',
  })
}

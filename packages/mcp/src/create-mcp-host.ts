import type { CatalogServer } from '@sluice/contract'
import { type McpHttpRequest, type McpHttpResponse, wholeFrame } from './http-messages.ts'
import type { McpSession } from './mcp-session.ts'
import { createSdkHandler } from './sdk/sdk-handler.ts'
import { answerPlain } from './wire/answer-plain.ts'
import { shownSchema } from './wire/encode-tool.ts'
import { ACCEPTED, type ErrorFrame, errorFrame, messageId } from './wire/frames.ts'
import { createListCache } from './wire/list-cache.ts'
import { createOpenAsks } from './wire/open-asks.ts'
import { createOpenRequests } from './wire/open-requests.ts'
import { paramHeaderFault } from './wire/param-headers.ts'
import { createSessionIds } from './wire/session-ids.ts'
import { type ReadHeader, type SettledRequest, settleRequest } from './wire/settle-request.ts'
import { sessionFacts, withSession } from './wire/with-session.ts'
import { withShownNames } from './wire/with-shown-names.ts'

export interface McpHost {
  handle(request: McpHttpRequest, session: McpSession): Promise<McpHttpResponse>
  /** Tells clients that listen (`subscriptions/listen`) that the lists of a server are not what they were. */
  listsChanged(serverId: string): void
  close(): Promise<void>
}

export interface McpHostOptions {
  readonly version: string
  /** Signs session ids: the same in every gateway that answers for the same servers. */
  readonly sessionKey: Uint8Array
  /** `fast`: plain messages are answered here, the others by the SDK. `sdk`: all by the SDK. */
  readonly engine: 'fast' | 'sdk'
  readonly onBug: (cause: unknown) => void
}

/** Both eras on one URL. A message is settled once, then answered by the wire itself or, where it is not plain, by the SDK. */
export function createMcpHost(options: McpHostOptions): McpHost {
  const asks = createOpenAsks()
  const sdk = createSdkHandler({ ...options, asks })
  const sessions = createSessionIds(options.sessionKey)
  const requests = createOpenRequests()
  const deps = { version: options.version, lists: createListCache(), ends: new WeakMap<CatalogServer, string>() }

  async function answer(request: McpHttpRequest, settled: SettledRequest, header: ReadHeader, session: McpSession) {
    if (options.engine === 'sdk') return sdk.handle(request, settled, session)
    const { frame, started } = await answerPlain(settled, header, session, request.signal, deps)
    if (frame) return wholeFrame(frame)
    return sdk.handle(request, settled, started ? { ...session, callTool: started } : session)
  }

  return {
    async handle(request, given) {
      const { header } = request
      const { principal } = given
      const asked = request.profile
      const read = settleRequest(request.body, header, asked)
      const settled = isFrame(read) ? read : withSession(read, header, sessions, { principal, asked })
      if (isFrame(settled)) return wholeFrame(settled)
      if (settled.era === 'legacy' && asks.take(principal, settled.message)) return wholeFrame(ACCEPTED)
      requests.cancel(settled)
      const session = requests.follow(withShownNames(given, settled.client), settled)
      const fault = headerFault(settled, header, session)
      if (!fault) askBefore(settled, session)
      const response = fault ? wholeFrame(fault) : await answer(request, settled, header, session)
      if (settled.method !== 'initialize' || settled.era !== 'legacy' || response.status !== 200) return response
      const id = sessions.make(sessionFacts(settled), principal)
      return { ...response, headers: [...response.headers, ['mcp-session-id', id]] }
    },
    listsChanged: sdk.listsChanged,
    close: sdk.close,
  }
}

function askBefore({ method, params }: SettledRequest, { beforeCall, beforeRead }: McpSession): void {
  if (beforeCall && method === 'tools/call' && typeof params.name === 'string')
    beforeCall(params.name, params.arguments)
  if (beforeRead && method === 'resources/read' && typeof params.uri === 'string') beforeRead(params.uri)
}

/** Headers that repeat arguments must say what the arguments say. */
function headerFault(settled: SettledRequest, header: ReadHeader, session: McpSession): ErrorFrame | undefined {
  const { era, method, params, message, client } = settled
  if (era !== 'modern' || method !== 'tools/call' || typeof params.name !== 'string') return undefined
  const tool = session.findTool(params.name)
  const fault = tool && paramHeaderFault(shownSchema(tool, client).schema, params.arguments, header)
  return fault === undefined ? undefined : errorFrame(400, messageId(message), HEADER_MISMATCH, fault)
}

const HEADER_MISMATCH = -32020

function isFrame(value: SettledRequest | ErrorFrame): value is ErrorFrame {
  return 'status' in value
}

import { type CallOutcome, type CancelSignal, type CatalogServer, type ListedTool, takingTurns } from '@sluice/contract'
import { stringifyJson } from '@sluice/schema'
import { isWanted } from '../inputs-wanted.ts'
import type { McpSession } from '../mcp-session.ts'
import { capabilities } from './capabilities.ts'
import { encodeOutcome } from './encode-outcome.ts'
import { encodeTool } from './encode-tool.ts'
import { ACCEPTED, type Frame, type MessageId, resultBytesFrame, resultFrame } from './frames.ts'
import type { ListCache } from './list-cache.ts'
import { isGiven, listPage } from './list-page.ts'
import { hasOnly, negotiated, plainRequest } from './plain-request.ts'
import { serverInfo } from './server-info.ts'
import { serverInstructions } from './server-instructions.ts'
import { type Era, FIRST_MODERN, META, type ReadHeader, type SettledRequest } from './settle-request.ts'

export interface PlainDeps {
  readonly version: string
  readonly lists: ListCache
  /** How results of 2026-07-28 end, by server. */
  readonly ends: WeakMap<CatalogServer, string>
}

/** A call that is under way, in case it is not for us to answer it. */
export type StartedCall = () => ReturnType<McpSession['callTool']>

export interface PlainAnswer {
  readonly frame?: Frame
  /** Set where a call was made and the SDK must tell what became of it. */
  readonly started?: StartedCall
}

const NOT_PLAIN: PlainAnswer = {}

/**
 * The answer to one of the messages that nearly all traffic is made of, where it is in every way as it should be. What is odd
 * is left to the SDK, so that the two agree on everything that is refused.
 */
export function answerPlain(
  settled: SettledRequest,
  header: ReadHeader,
  session: McpSession,
  signal: CancelSignal,
  deps: PlainDeps,
): PlainAnswer | Promise<PlainAnswer> {
  const plain = plainRequest(settled, header)
  if (!plain) return NOT_PLAIN
  const { method, params, era } = settled
  const { id } = plain
  if (id === undefined) {
    const isTaken = era === 'legacy' && method === 'notifications/initialized' && hasOnly(params, META_ONLY)
    return isTaken ? { frame: ACCEPTED } : NOT_PLAIN
  }
  switch (method) {
    case 'tools/call':
      return hasOnly(params, CALL) && typeof params.name === 'string' && !session.mayAsk
        ? call(id, params.name, settled, session, signal, deps)
        : NOT_PLAIN
    case 'tools/list':
      return hasOnly(params, LIST) ? list(id, settled, session, deps) : NOT_PLAIN
    case 'server/discover':
      return era === 'modern' && hasOnly(params, META_ONLY) ? { frame: discover(id, session, deps) } : NOT_PLAIN
    case 'initialize':
      return era === 'legacy' && isPlainInitialize(params)
        ? { frame: initialize(id, settled, session, deps) }
        : NOT_PLAIN
    case 'ping':
      return era === 'legacy' && hasOnly(params, META_ONLY) ? { frame: resultFrame(id, '{}') } : NOT_PLAIN
    default:
      return NOT_PLAIN
  }
}

const META_ONLY = new Set(['_meta'])
const CALL = new Set(['name', 'arguments', '_meta'])
const LIST = new Set(['cursor', '_meta'])

async function call(
  id: MessageId,
  name: string,
  { params, client, era }: SettledRequest,
  session: McpSession,
  signal: CancelSignal,
  deps: PlainDeps,
): Promise<PlainAnswer> {
  const made = session.callTool(name, params.arguments, { client, signal, meta: params._meta })
  const outcome = await made.catch(() => undefined)
  // There is no such tool, or it broke: the SDK has the words for both.
  if (!outcome || isWanted(outcome)) return { started: () => made }
  return { frame: resultFrame(id, resultText(outcome, era, era === 'modern' ? endText(session, deps) : '')) }
}

/** What most calls answer, one text, is written by hand: each step of it costs a call. `end` are members, with a comma before each. */
function resultText(outcome: CallOutcome, era: Era, end: string): string {
  const text = outcome.ok ? oneText(outcome) : outcome.message
  if (text === undefined) return `${stringifyJson(encodeOutcome(outcome, era)).slice(0, -1)}${end}}`
  return `{"content":[{"type":"text","text":${JSON.stringify(text)}}],"isError":${!outcome.ok}${end}}`
}

function oneText({ content, structured }: Extract<CallOutcome, { ok: true }>): string | undefined {
  const [block, ...more] = content
  return block?.type === 'text' && more.length === 0 && !structured ? block.text : undefined
}

/** The same for all calls of a server: kept as long as the server is served as it is. */
function endText(session: McpSession, deps: PlainDeps): string {
  const server = session.server()
  const known = deps.ends.get(server)
  if (known !== undefined) return known
  const end = `,${stringifyJson(endOf('modern', session, deps)).slice(1, -1)}`
  deps.ends.set(server, end)
  return end
}

function list(
  id: MessageId,
  settled: SettledRequest,
  session: McpSession,
  deps: PlainDeps,
): PlainAnswer | Promise<PlainAnswer> {
  const { cursor = '' } = settled.params
  if (typeof cursor !== 'string') return NOT_PLAIN
  const { era, client } = settled
  const variant = JSON.stringify([era, client.schema, client.nameChars, cursor])
  const page = deps.lists.get(session.scope, variant, () => encodePage(cursor, settled, session, deps))
  return page instanceof Promise ? page.then((one) => listed(id, one)) : listed(id, page)
}

/** Without a page: the cursor is of a list that has changed since, or none of ours. */
function listed(id: MessageId, page: Uint8Array | undefined): PlainAnswer {
  return page ? { frame: resultBytesFrame(id, page) } : NOT_PLAIN
}

async function encodePage(
  cursor: string,
  { era, client }: SettledRequest,
  session: McpSession,
  deps: PlainDeps,
): Promise<Uint8Array | undefined> {
  const tools = session.listTools()
  const page = isGiven(tools, cursor, nameOf) ? listPage(tools, cursor, nameOf) : undefined
  if (!page) return undefined
  const turn = takingTurns()
  const encoded: string[] = []
  for (const tool of page.items) {
    encoded.push(stringifyJson(encodeTool(tool, client, era)))
    await turn()
  }
  const { nextCursor } = page
  const end = {
    ...(nextCursor ? { nextCursor } : {}),
    ...(era === 'modern' ? UNCACHED : {}),
    ...endOf(era, session, deps),
  }
  const members = stringifyJson(end).slice(1, -1)
  return Buffer.from(`{"tools":[${encoded.join(',')}]${members && ','}${members}}}`)
}

const nameOf = ({ name }: ListedTool) => name

/** A list may change at any time, and depends on who asks. */
const UNCACHED = { ttlMs: 0, cacheScope: 'private' }

function discover(id: MessageId, session: McpSession, deps: PlainDeps): Frame {
  const result = {
    supportedVersions: [FIRST_MODERN],
    capabilities: capabilities(session, 'modern'),
    instructions: serverInstructions(session.server().instructions),
    ...UNCACHED,
    resultType: 'complete',
    _meta: { [`${META}serverInfo`]: serverInfo(session.server(), deps.version, 'server/discover') },
  }
  return resultFrame(id, stringifyJson(result))
}

function isPlainInitialize({ protocolVersion, capabilities, clientInfo, ...others }: Record<string, unknown>): boolean {
  const { name, version } = (clientInfo ?? {}) as { name?: unknown; version?: unknown }
  const isWhole = typeof protocolVersion === 'string' && typeof capabilities === 'object' && capabilities !== null
  return isWhole && typeof name === 'string' && typeof version === 'string' && hasOnly(others, META_ONLY)
}

function initialize(id: MessageId, { params }: SettledRequest, session: McpSession, deps: PlainDeps): Frame {
  const result = {
    protocolVersion: negotiated(params.protocolVersion as string),
    capabilities: capabilities(session, 'legacy'),
    serverInfo: serverInfo(session.server(), deps.version, 'initialize'),
    instructions: serverInstructions(session.server().instructions),
  }
  return resultFrame(id, stringifyJson(result))
}

/** What every result of the era ends with. */
function endOf(era: SettledRequest['era'], session: McpSession, deps: PlainDeps): object {
  if (era === 'legacy') return {}
  return {
    resultType: 'complete',
    _meta: { [`${META}serverInfo`]: serverInfo(session.server(), deps.version, undefined) },
  }
}

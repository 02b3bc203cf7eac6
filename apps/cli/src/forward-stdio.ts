import { createInterface } from 'node:readline'
import { printError } from './print.ts'

/** An MCP server over HTTP, and the key that opens it. */
export interface Endpoint {
  readonly url: string
  readonly accessKey: string
}

/** A JSON-RPC message, as far as it must be known to pass it on. */
interface Message {
  readonly id?: string | number
  readonly method?: string
  readonly params?: {
    readonly name?: unknown
    readonly uri?: unknown
    readonly requestId?: unknown
    readonly _meta?: Readonly<Record<string, unknown>>
  }
}

const REVISION = 'io.modelcontextprotocol/protocolVersion'
const INTERNAL_ERROR = -32603
const PARSE_ERROR = -32700

/**
 * Passes MCP messages on, each line of standard input as one POST, until the input ends: the stdio transport on one side,
 * Streamable HTTP on the other, of every revision (2025-03-26 to 2026-07-28). Bodies go as they came.
 */
export async function forwardStdio(endpoint: Endpoint): Promise<void> {
  const pending = new Map<unknown, AbortController>()
  const open = new Set<Promise<void>>()
  const session: Session = { endpoint, headers: {}, streams: new Set() }
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    const message = parse(line)
    if (!message) {
      reply({ id: null, error: { code: PARSE_ERROR, message: 'The line is not a JSON-RPC message.' } })
      continue
    }
    // Over HTTP a request is cancelled by closing its stream.
    if (message.method === 'notifications/cancelled') {
      pending.get(message.params?.requestId)?.abort()
      continue
    }
    const sent = pass(session, message, line, pending).finally(() => open.delete(sent))
    open.add(sent)
    // What follows depends on the revision that was agreed.
    if (message.method === 'initialize') await sent
  }
  for (const stream of session.streams) stream.abort()
  await Promise.all(open)
}

interface Session {
  readonly endpoint: Endpoint
  /** What each further request of this client bears. */
  headers: Record<string, string>
  /** Open as long as the client is there; what else is under way is answered first. */
  readonly streams: Set<AbortController>
}

function parse(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

async function pass(
  session: Session,
  message: Message,
  line: string,
  pending: Map<unknown, AbortController>,
): Promise<void> {
  const { id } = message
  const gone = new AbortController()
  if (id !== undefined) pending.set(id, gone)
  if (message.method === 'subscriptions/listen') session.streams.add(gone)
  try {
    const response = await post(session, message, line, gone.signal)
    remember(session, message, response)
    await answer(response, id, message.method === 'initialize' ? session : undefined)
  } catch (error) {
    // Who cancelled a request wants no answer to it.
    if (!gone.signal.aborted) refuse(id, `The gateway at ${session.endpoint.url} cannot be reached: ${causeOf(error)}`)
  } finally {
    pending.delete(id)
    session.streams.delete(gone)
  }
}

function post({ endpoint, headers }: Session, message: Message, line: string, signal: AbortSignal): Promise<Response> {
  return fetch(endpoint.url, {
    method: 'POST',
    headers: {
      ...headers,
      ...modernHeaders(message),
      authorization: `Bearer ${endpoint.accessKey}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: line,
    signal,
  })
}

/** From 2026-07-28 on the headers say again what the body says. */
function modernHeaders({ method, params }: Message): Record<string, string> {
  const revision = params?._meta?.[REVISION]
  if (typeof revision !== 'string' || method === undefined) return {}
  const name = params?.name ?? params?.uri
  return {
    'mcp-protocol-version': revision,
    'mcp-method': method,
    ...(typeof name === 'string' ? { 'mcp-name': headerText(name) } : {}),
  }
}

/** What a header cannot hold goes as base64 (2026-07-28). */
function headerText(text: string): string {
  return /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text) && !text.startsWith('=?')
    ? text
    : `=?base64?${Buffer.from(text).toString('base64')}?=`
}

function remember(session: Session, { method }: Message, response: Response): void {
  const id = response.headers.get('mcp-session-id')
  if (method === 'initialize' && id) session.headers['mcp-session-id'] = id
}

/** Writes what came back; a refusal in words becomes a JSON-RPC error. */
async function answer(response: Response, id: Message['id'], initializing: Session | undefined): Promise<void> {
  if (/^text\/event-stream/.test(response.headers.get('content-type') ?? '')) return passEvents(response)
  const text = await response.text()
  const message = parse(text) as (Message & { jsonrpc?: string; detail?: string; result?: unknown }) | undefined
  if (message?.jsonrpc === undefined) {
    if (!response.ok) refuse(id, message?.detail ?? `The gateway answered ${response.status}.`)
    return
  }
  if (initializing) {
    const revision = (message.result as { protocolVersion?: string } | undefined)?.protocolVersion
    if (revision) initializing.headers['mcp-protocol-version'] = revision
  }
  write(text)
}

/** The `data` of each event is a message (Streamable HTTP). */
async function passEvents(response: Response): Promise<void> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk, { stream: true })
    const events = text.split(/\r?\n\r?\n/)
    text = events.pop()!
    for (const event of events) passEvent(event)
  }
  passEvent(text)
}

function passEvent(event: string): void {
  const data = event.split(/\r?\n/).flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trimStart()] : []))
  if (data.length > 0) write(data.join(' '))
}

/** One message is one line: line ends stand only between the tokens of JSON. */
function write(text: string): void {
  process.stdout.write(`${text.replaceAll(/[\r\n]+/g, ' ')}\n`)
}

function reply(message: object): void {
  write(JSON.stringify({ jsonrpc: '2.0', ...message }))
}

/** A notification has nobody to tell: then the log is told. */
function refuse(id: Message['id'], message: string): void {
  if (id === undefined) printError(message)
  else reply({ id, error: { code: INTERNAL_ERROR, message } })
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}

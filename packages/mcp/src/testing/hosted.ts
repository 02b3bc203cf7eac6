import { randomUUID } from 'node:crypto'
import type {
  AskedProfile,
  CallOutcome,
  CatalogPrompt,
  CatalogServer,
  ListedResource,
  ListedTool,
} from '@sluice/contract'
import { createMcpHost } from '../create-mcp-host.ts'
import type { InputsWanted } from '../inputs-wanted.ts'
import type { CallRequest, McpSession, RequestStates } from '../mcp-session.ts'

export const META = 'io.modelcontextprotocol/'

export interface Asked {
  readonly method?: string
  readonly id?: unknown
  readonly params?: Record<string, unknown>
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** In place of what the above make. */
  readonly body?: string
  readonly profile?: AskedProfile
  /** In place of the setting's. */
  readonly principal?: string
  /** Told each message of a stream as it comes. */
  readonly onMessage?: (message: Readonly<Record<string, unknown>>) => void
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The message that is the answer, out of its stream if it is one; undefined where there is none. */
  readonly message: Readonly<Record<string, unknown>> | undefined
}

/** A request of 2026-07-28, whole. */
export function modern(method: string, params: Record<string, unknown> = {}, headers: Asked['headers'] = {}): Asked {
  const named = method === 'resources/read' ? params.uri : params.name
  const name = typeof named === 'string' ? { 'mcp-name': named } : {}
  const meta = {
    [`${META}protocolVersion`]: '2026-07-28',
    [`${META}clientCapabilities`]: {},
    [`${META}clientInfo`]: { name: 'test', version: '1' },
  }
  return {
    method,
    params: { ...params, _meta: { ...meta, ...(params._meta as object | undefined) } },
    headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...name, ...headers },
  }
}

/** A request of the handshake era. */
export function legacy(method: string, params?: Record<string, unknown>, headers: Asked['headers'] = {}): Asked {
  return { method, ...(params ? { params } : {}), headers: { 'mcp-protocol-version': '2025-11-25', ...headers } }
}

export function listed(name: string, more: Partial<ListedTool> = {}): ListedTool {
  const inputSchema = { type: 'object', properties: { id: { type: 'integer' } } }
  const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true }
  return {
    name,
    title: name.toUpperCase(),
    description: 'd',
    annotations,
    wireSchema: inputSchema,
    inputSchema,
    ...more,
  }
}

export interface Setting {
  readonly engine?: 'fast' | 'sdk'
  readonly tools?: readonly ListedTool[]
  readonly call?: (name: string, args: unknown, request: CallRequest) => Promise<CallOutcome | InputsWanted>
  readonly mayAsk?: true
  readonly completePrompt?: McpSession['completePrompt']
  readonly resources?: readonly ListedResource[]
  readonly read?: McpSession['readResource']
  readonly prompts?: readonly CatalogPrompt[]
  readonly values?: McpSession['templateValues']
  readonly principal?: string
  readonly sessionKey?: Uint8Array
}

/** A host with one server, asked without a network. */
export function hosted(setting: Setting = {}) {
  const bugs: unknown[] = []
  const {
    tools = [listed('get_thing'), listed('list_things')],
    engine = 'fast',
    resources = [],
    prompts = [],
  } = setting
  const host = createMcpHost({
    version: '1.2.3',
    engine,
    sessionKey: setting.sessionKey ?? Buffer.alloc(32, 1),
    onBug: (cause) => void bugs.push(cause),
  })
  const call = setting.call ?? (async () => ({ ok: true, status: 200, content: [{ type: 'text', text: 'hi' }] }))
  const server: CatalogServer = {
    id: 's',
    workspaceId: 'w',
    slug: 'shop',
    name: 'Shop',
    mode: 'direct',
    codeCalls: 'read-only',
    instructions: 'Ask.',
    icon: 'https://shop.test/logo.png',
    limits: null,
    revision: 1,
  }
  const session: McpSession = {
    server: () => server,
    principal: setting.principal ?? 'key_1',
    states: statesInMemory(),
    ...(setting.mayAsk ? { mayAsk: true } : {}),
    ...(setting.completePrompt ? { completePrompt: setting.completePrompt } : {}),
    scope: tools,
    offers: () => ({
      resources: resources.length > 0,
      prompts: prompts.length > 0,
      completions: prompts.length > 0,
    }),
    listTools: () => tools,
    listResources: () => resources,
    findResource: (uri) => resources.find((one) => one.uri === uri),
    readResource: setting.read ?? (async () => undefined),
    listPrompts: () => prompts,
    templateValues: setting.values ?? (() => undefined),
    findTool: (name) => tools.find((tool) => tool.name === name),
    callTool: async (name, args, request) =>
      tools.some((tool) => tool.name === name) ? call(name, args, request) : undefined,
  }
  async function ask(asked: Asked): Promise<Answered> {
    const { method, id = 1, params, body } = asked
    const headers = {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...asked.headers,
    }
    const response = await host.handle(
      {
        method: 'POST',
        url: () => 'http://127.0.0.1/mcp/shop',
        header: (name) => (headers as Record<string, string | undefined>)[name],
        headers: () => Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined),
        body:
          body ??
          JSON.stringify({ jsonrpc: '2.0', ...(id === null ? {} : { id }), method, ...(params ? { params } : {}) }),
        ...(asked.profile ? { profile: asked.profile } : {}),
        signal: new AbortController().signal,
      },
      asked.principal === undefined ? session : { ...session, principal: asked.principal },
    )
    const { body: got } = response
    const text =
      got instanceof ReadableStream
        ? await readStream(got, asked.onMessage)
        : typeof got === 'object' && got !== null
          ? `${got.head}${Buffer.from(got.rest).toString()}`
          : `${got ?? ''}`
    const data = [...text.matchAll(/^data: (.*)$/gm)].at(-1)?.[1] ?? text
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text,
      message: data === '' ? undefined : JSON.parse(data),
    }
  }
  return { ask, bugs, close: host.close }
}

function statesInMemory(): RequestStates {
  const kept = new Map<string, string>()
  return {
    keep: async (text) => {
      const handle = randomUUID()
      kept.set(handle, text)
      return handle
    },
    take: async (handle) => {
      const text = kept.get(handle)
      kept.delete(handle)
      return text
    },
  }
}

async function readStream(stream: ReadableStream<Uint8Array>, onMessage: Asked['onMessage']): Promise<string> {
  let text = ''
  for await (const part of stream) {
    const added = Buffer.from(part).toString()
    text += added
    for (const [, data] of added.matchAll(/^data: (.+)$/gm)) onMessage?.(JSON.parse(data!))
  }
  return text
}

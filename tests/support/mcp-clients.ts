import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

/** The little that a journey needs of any client. */
export interface McpClient {
  readonly revision: string | undefined
  listTools(): Promise<
    Array<{ name: string; title?: string; inputSchema: { properties?: object }; outputSchema?: object | undefined }>
  >
  callTool(name: string, args: Record<string, unknown>): Promise<PlainResult>
  /** What the server says of itself. */
  readonly instructions: string | undefined
  /** All that the official client can do. */
  readonly official: Official
  close(): Promise<void>
}

export type Official = Pick<
  ClientV2,
  | 'getServerCapabilities'
  | 'listResources'
  | 'listResourceTemplates'
  | 'readResource'
  | 'listPrompts'
  | 'getPrompt'
  | 'complete'
>

export interface Endpoint {
  readonly url: string
  readonly accessKey: string
}

export interface PlainResult {
  readonly text: string
  readonly isError: boolean
  readonly structured?: unknown
}

type Result = { content: Array<{ type: string; text?: string }>; isError?: boolean; structuredContent?: unknown }

/** The official clients, by the revision that each speaks. */
export const CLIENTS: Record<string, (endpoint: Endpoint) => Promise<McpClient>> = {
  'the v1 client, 2025-11-25': connectV1,
  'the v2 client, handshake era': (endpoint) => connectV2(endpoint, 'legacy'),
  'the v2 client, 2026-07-28': (endpoint) => connectV2(endpoint, { pin: '2026-07-28' }),
}

async function connectV1({ url, accessKey }: Endpoint): Promise<McpClient> {
  const client = new ClientV1({ name: 'journey-v1', version: '1.0.0' })
  const transport = new TransportV1(new URL(url), {
    requestInit: { headers: { Authorization: `Bearer ${accessKey}` } },
  })
  await client.connect(transport as unknown as Parameters<ClientV1['connect']>[0])
  return asMcpClient(client, transport.protocolVersion)
}

export async function connectV2({ url, accessKey }: Endpoint, mode: 'legacy' | { pin: string }): Promise<McpClient> {
  const client = new ClientV2({ name: 'journey-v2', version: '2.0.0' }, { versionNegotiation: { mode } })
  const transport = new TransportV2(new URL(url), {
    requestInit: { headers: { Authorization: `Bearer ${accessKey}` } },
  })
  await client.connect(transport)
  return asMcpClient(client, client.getNegotiatedProtocolVersion())
}

/** An official client that is connected, over whatever. */
export function asMcpClient(client: ClientV1 | ClientV2, revision?: string): McpClient {
  return {
    revision,
    instructions: client.getInstructions(),
    official: client as Official,
    listTools: async () => (await client.listTools()).tools,
    callTool: async (name, args) => plain((await client.callTool({ name, arguments: args })) as Result),
    close: () => client.close(),
  }
}

/** One message, without a client. */
export function postMessage(
  { url, accessKey }: Endpoint,
  message: unknown,
  { headers = {}, signal }: { readonly headers?: Record<string, string>; readonly signal?: AbortSignal } = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${accessKey}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify(message),
    ...(signal ? { signal } : {}),
  })
}

/** The stream of `subscriptions/listen`, as it comes. */
export function openListening(endpoint: Endpoint): Promise<Response> {
  const [version, capabilities] = [
    'io.modelcontextprotocol/protocolVersion',
    'io.modelcontextprotocol/clientCapabilities',
  ]
  const params = { notifications: { toolsListChanged: true }, _meta: { [version]: '2026-07-28', [capabilities]: {} } }
  const method = 'subscriptions/listen'
  const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method }
  return postMessage(endpoint, { jsonrpc: '2.0', id: 1, method, params }, { headers })
}

/** A client that listens for changes of the list; `told` grows by the names that each brought. */
export async function listenV2({ url, accessKey }: Endpoint, told: string[][]): Promise<{ close(): Promise<void> }> {
  const onChanged = (_error: unknown, tools: ReadonlyArray<{ name: string }> | null) => {
    told.push((tools ?? []).map(({ name }) => name).toSorted())
  }
  const client = new ClientV2(
    { name: 'journey-listener', version: '2.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } }, listChanged: { tools: { onChanged, debounceMs: 0 } } },
  )
  const requestInit = { headers: { Authorization: `Bearer ${accessKey}` } }
  await client.connect(new TransportV2(new URL(url), { requestInit }))
  return client
}

/** A client that listens for changes beside tools; `told` grows by the names that each brought. */
export async function listenForOffers(
  { url, accessKey }: Endpoint,
  told: { readonly resources: string[][]; readonly prompts: string[][] },
): Promise<{ close(): Promise<void> }> {
  const names = (items: ReadonlyArray<{ name: string }> | null) => (items ?? []).map(({ name }) => name).toSorted()
  const client = new ClientV2(
    { name: 'journey-listener', version: '2.0.0' },
    {
      versionNegotiation: { mode: { pin: '2026-07-28' } },
      listChanged: {
        resources: { onChanged: (_error, items) => void told.resources.push(names(items)), debounceMs: 0 },
        prompts: { onChanged: (_error, items) => void told.prompts.push(names(items)), debounceMs: 0 },
      },
    },
  )
  const requestInit = { headers: { Authorization: `Bearer ${accessKey}` } }
  await client.connect(new TransportV2(new URL(url), { requestInit }))
  return client
}

function plain({ content, isError, structuredContent }: Result): PlainResult {
  return {
    text: content.map((block) => block.text ?? `[${block.type}]`).join('\n'),
    isError: isError === true,
    ...(structuredContent === undefined ? {} : { structured: structuredContent }),
  }
}

import { randomBytes } from 'node:crypto'
import type { RenewSecret } from '@sluice/calls'
import {
  type Catalog,
  type CatalogUpstream,
  type ClientSnippet,
  type CodeCalls,
  type ImportCredential,
  type Observe,
  Problem,
  type ReadSpec,
  type ServerModeSetting,
} from '@sluice/contract'
import { type ChosenMode, chooseMode, type ListSize } from '@sluice/discovery'
import { checkBaseUrl, planImport } from '@sluice/openapi'
import { type CatalogRows, createSealer, hashKey, type Sealer, sealingKey } from '@sluice/store'
import { createApp } from './app.ts'
import { clientSnippets, serverUrl } from './client-snippets.ts'
import type { Config } from './config.ts'
import { chooseCredential } from './imports/choose-credential.ts'
import { fetchSpec } from './imports/fetch-spec.ts'
import { slugOf } from './imports/slug-of.ts'
import { listen, type Running } from './listen.ts'
import { type CatalogInMemory, catalogInMemory } from './live/catalog-in-memory.ts'
import { continuationsInMemory } from './live/kept-answers.ts'
import { untouchedTool } from './live/untouched-tool.ts'
import type { McpDeps } from './mcp/route.ts'
import { createServing, type Serving } from './serving.ts'

/** A document to serve from memory: its text, or the URL it is fetched from. */
export interface ServeRequest {
  readonly text?: string
  /** A text, or a zip of several documents. */
  readonly bytes?: Uint8Array
  readonly url?: string
  readonly baseUrl?: string
  readonly credential?: ImportCredential
  /** `auto` if absent. */
  readonly mode?: ServerModeSetting
  /** `read-only` if absent. */
  readonly codeCalls?: CodeCalls
}

export interface ServedCatalog extends Running {
  readonly spec: ReadSpec
  readonly baseUrl: string
  readonly mcpUrl: string
  readonly accessKey: string
  /** How its tools are offered, and why. */
  readonly offers: ChosenMode
  /** What to paste into each MCP client. */
  readonly clients: ClientSnippet[]
}

/** Serves one document from memory on loopback, without a database: nothing is kept when it ends. */
export async function serveCatalog(request: ServeRequest, config: Config, observe: Observe): Promise<ServedCatalog> {
  const sealer = createSealer({ current: sealingKey(randomBytes(32)) })
  let catalog: CatalogInMemory
  const serving = createServing(config, observe, {
    openSecret: sealer.open,
    sessionKey: randomBytes(32),
    renewSecret: inMemory,
    continuations: continuationsInMemory(),
    noteLargeAnswer: (_workspaceId, toolId) => catalog.noteLargeAnswer(toolId),
  })
  try {
    const spec = await readDocument(request, serving)
    const baseUrl = baseUrlFor(request, spec)
    catalog = catalogInMemory(await rowsOf(spec, baseUrl, request, sealer), serving.host.listsChanged)
    const accessKey = `slk_${randomBytes(32).toString('base64url')}`
    const running = await listen({ ...config, host: '127.0.0.1' }, observe, {
      database: 'in memory',
      giveUp: serving.giveUp,
      close: serving.close,
      createApp: (about) =>
        createApp({
          hosts: about.hosts,
          isStopping: about.isStopping,
          observe,
          health: { notReady: async () => undefined },
          mcp: mcpDeps(catalog, accessKey, serving, about.publicUrl),
        }),
    })
    const { server } = catalog.current()
    const { slug } = server
    const mcpUrl = serverUrl(running.url, slug)
    return {
      ...running,
      spec,
      baseUrl,
      mcpUrl,
      accessKey,
      offers: chooseMode(server.mode, sizeOf(catalog.current())),
      clients: clientSnippets({ slug, publicUrl: running.url, accessKey }),
    }
  } catch (error) {
    await serving.close()
    throw error
  }
}

function sizeOf({ tools }: Catalog): ListSize {
  return { tools: tools.length, tokens: tools.reduce((sum, tool) => sum + tool.tokens, 0) }
}

function readDocument({ text, bytes, url }: ServeRequest, { egress, specs }: Serving): Promise<ReadSpec> {
  if (text !== undefined) return specs.read({ text })
  if (bytes !== undefined) return specs.read({ bytes })
  // Who serves a document on their own machine names its host themselves.
  return fetchSpec(url!, hostOf(url!), egress.send).then((fetched) => specs.read({ bytes: fetched, url: url! }))
}

function hostOf(url: string): string[] {
  return URL.canParse(url) ? [new URL(url).host] : []
}

function baseUrlFor(request: ServeRequest, spec: ReadSpec): string {
  const baseUrl = request.baseUrl ?? spec.baseUrl
  if (baseUrl) return checkBaseUrl(baseUrl)
  const detail =
    'The document names no absolute base URL. Say where the API lies: --base-url https://api.example.com/v1'
  throw new Problem('base-url-needed', { detail, errors: [{ pointer: '/baseUrl', detail }] })
}

const IN_MEMORY = 'memory'

/** Nothing outlives the process. */
const inMemory: RenewSecret = async (sealed, renew) => void (await renew(sealed))

async function rowsOf(spec: ReadSpec, baseUrl: string, request: ServeRequest, { seal }: Sealer): Promise<CatalogRows> {
  const credential = chooseCredential(request.credential, spec.securitySchemes, baseUrl)
  const slug = slugOf(spec.title)
  const upstream: CatalogUpstream = {
    id: IN_MEMORY,
    slug,
    baseUrl,
    // The API's own host, and no other; metadata addresses stay closed.
    allow: hostOf(baseUrl),
    securitySchemes: spec.securitySchemes,
    credentials: credential
      ? [
          {
            id: IN_MEMORY,
            scheme: credential.scheme,
            origins: credential.origins,
            secret: seal(IN_MEMORY, credential.scheme, credential.secret),
          },
        ]
      : [],
  }
  const { changes } = await planImport(spec.operations, [], 'all')
  return {
    server: {
      id: IN_MEMORY,
      workspaceId: IN_MEMORY,
      slug,
      name: spec.title,
      mode: request.mode ?? 'auto',
      codeCalls: request.codeCalls ?? 'read-only',
      instructions: '',
      limits: null,
      revision: 1,
    },
    upstreams: [upstream],
    secrets: new Map(),
    composites: [],
    resources: [],
    prompts: [],
    tools: changes.flatMap((change) =>
      change.kind === 'added' ? [untouchedTool(change.toolName, IN_MEMORY, change.derived)] : [],
    ),
  }
}

function mcpDeps(
  catalog: CatalogInMemory,
  accessKey: string,
  { host, serve, accessTokens }: Serving,
  publicUrl: () => string,
): McpDeps {
  const { id, slug } = catalog.current().server
  const key = { id: IN_MEMORY, workspaceId: IN_MEMORY, name: 'local', expiresAt: null, serverIds: new Set([id]) }
  const directory = { keysByHash: new Map([[hashKey(accessKey), key]]), issuersByServer: new Map() }
  return {
    host,
    serve,
    accessTokens,
    publicUrl,
    keys: () => directory,
    serverId: (wanted) => (wanted === slug ? id : undefined),
    catalog: async () => catalog.current(),
    keyUsed: () => {},
  }
}

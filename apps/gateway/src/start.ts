import { type Observe, Problem, type Send } from '@sluice/contract'
import { parseAllowList } from '@sluice/egress'
import { FilterSyntaxError } from '@sluice/sandbox'
import {
  commitImport,
  createAccessKey,
  createSealer,
  ensureDefaultWorkspace,
  findAdminKey,
  findServer,
  listAccessKeys,
  listServers,
  listTools,
  readCatalogRows,
  readDirectory,
  readRevisions,
  readStoredOperations,
  revokeAccessKey,
  type Sealer,
  type Store,
  sealingKey,
  updateTool,
} from '@sluice/store'
import type { AdminDeps } from './admin/routes.ts'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { firstAdminKey } from './first-admin-key.ts'
import { listen, type Running } from './listen.ts'
import { type Catalogs, createCatalogs } from './live/catalogs.ts'
import { readMasterKey } from './master-key.ts'
import type { ServeDeps } from './mcp/serve.ts'
import { openConfiguredStore } from './open-configured-store.ts'
import { createServing } from './serving.ts'

/** A gateway that serves, and what its first start made. */
export interface Gateway extends Running {
  readonly database: Store['kind']
  readonly workspaceId: string
  /** Files made by this start. */
  readonly made: { readonly masterKey?: string; readonly adminKey?: string }
}

/**
 * Starts the gateway: database, keys, catalogs, routes, then the port.
 * @throws ConfigFault, DataFolderInUse, PortInUse, or Problem `database-unavailable`
 */
export async function start(config: Config, observe: Observe): Promise<Gateway> {
  const masterKey = readMasterKey(config.masterKey, config.dataDir)
  const store = await openConfiguredStore(config)
  try {
    const { id: workspaceId } = await ensureDefaultWorkspace(store)
    const sealer = createSealer({ current: sealingKey(masterKey.key) })
    const adminKey = await firstAdminKey(store, workspaceId, config.dataDir)
    const running = await serveStore(config, observe, store, sealer)
    return {
      ...running,
      database: store.kind,
      workspaceId,
      made: {
        ...(masterKey.isNew ? { masterKey: masterKey.file! } : {}),
        ...(adminKey ? { adminKey: adminKey.file } : {}),
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

async function serveStore(config: Config, observe: Observe, store: Store, sealer: Sealer): Promise<Running> {
  const catalogs = await createCatalogs(
    {
      readRevisions: () => readRevisions(store),
      readDirectory: () => readDirectory(store),
      readCatalog: (serverId) => readCatalogRows(store, serverId),
      onChange: (listener) => store.onChange(listener),
    },
    { maxStaleMs: config.catalogMaxStaleMs, observe },
  )
  const serving = createServing(config, observe, sealer.open)
  const { host, serve, sandbox, send } = serving

  return listen(config, observe, {
    database: store.kind === 'pglite' ? 'embedded database' : 'PostgreSQL',
    giveUp: serving.giveUp,
    createApp: (about) =>
      createApp({
        ...about,
        observe,
        mcp: {
          host,
          keys: catalogs.keys,
          serverId: catalogs.serverId,
          catalog: catalogs.catalog,
          serve,
          publicUrl: about.publicUrl,
        },
        admin: adminDeps({
          store,
          sealer,
          catalogs,
          serve,
          observe,
          send,
          publicUrl: about.publicUrl,
          checkFilter: filterChecker(sandbox),
        }),
        health: { notReady: () => notReady(store, catalogs) },
      }),
    close: async () => {
      catalogs.close()
      await serving.close()
      await store.close()
    },
  })
}

interface AdminParts {
  readonly store: Store
  readonly sealer: Sealer
  readonly catalogs: Catalogs
  readonly serve: ServeDeps
  readonly observe: Observe
  readonly send: Send
  readonly publicUrl: () => string
  readonly checkFilter: (expression: string) => void
}

function adminDeps({ store, sealer, catalogs, serve, observe, send, publicUrl, checkFilter }: AdminParts): AdminDeps {
  const { refresh } = catalogs
  return {
    findAdminKey: (key) => findAdminKey(store, key),
    listServers: (workspaceId) => listServers(store, workspaceId),
    findServer: (workspaceId, slug) => findServer(store, workspaceId, slug),
    listTools: (workspaceId, slug) => listTools(store, workspaceId, slug),
    updateTool: (change) => updateTool(store, change),
    createAccessKey: (key) => createAccessKey(store, key),
    listAccessKeys: (workspaceId) => listAccessKeys(store, workspaceId),
    revokeAccessKey: (key) => revokeAccessKey(store, key),
    catalog: catalogs.catalog,
    checkFilter,
    refresh,
    serve,
    publicUrl,
    imports: {
      send,
      checkAllow: (entries) => void parseAllowList(entries),
      readStored: (workspaceId, slug) => readStoredOperations(store, workspaceId, slug),
      commit: (commit) => commitImport(store, commit, sealer.seal),
      refresh,
      publicUrl,
      observe,
    },
  }
}

function filterChecker(sandbox: { checkFilter(expression: string): void }): (expression: string) => void {
  return (expression) => {
    try {
      sandbox.checkFilter(expression)
    } catch (error) {
      if (!(error instanceof FilterSyntaxError)) throw error
      const detail = `The response filter is not JMESPath: ${error.message}`
      throw new Problem('invalid-request', { detail, errors: [{ pointer: '/responseFilter', detail }], cause: error })
    }
  }
}

const STALE_MS = 5_000

async function notReady(store: Store, catalogs: Catalogs): Promise<string | undefined> {
  if (catalogs.staleMs() > STALE_MS) return 'the database does not answer; calls are served from memory'
  return store.ping().then(
    () => undefined,
    () => 'the database does not answer',
  )
}

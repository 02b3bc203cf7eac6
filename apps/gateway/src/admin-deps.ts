import { type Observe, Problem } from '@sluice/contract'
import { parseAllowList } from '@sluice/egress'
import { FilterSyntaxError, type Sandbox } from '@sluice/sandbox'
import {
  commitImport,
  createAccessKey,
  findAdminKey,
  findServer,
  listAccessKeys,
  listServers,
  listTools,
  readStoredOperations,
  revokeAccessKey,
  type Sealer,
  type Store,
  updateTool,
} from '@sluice/store'
import type { AdminDeps } from './admin/routes.ts'
import type { Catalogs } from './live/catalogs.ts'
import type { Serving } from './serving.ts'

interface AdminParts {
  readonly store: Store
  readonly sealer: Sealer
  readonly catalogs: Catalogs
  readonly serving: Serving
  readonly observe: Observe
  readonly publicUrl: () => string
}

/** What the admin API works with, on a store. */
export function adminDeps({ store, sealer, catalogs, serving, observe, publicUrl }: AdminParts): AdminDeps {
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
    checkFilter: (expression) => checkFilter(serving.sandbox, expression),
    refresh,
    serve: serving.serve,
    publicUrl,
    imports: {
      send: serving.egress.send,
      foreseeRefusal: serving.egress.foreseeRefusal,
      readSpec: serving.specs.read,
      checkAllow: (entries) => void parseAllowList(entries),
      readStored: (workspaceId, slug) => readStoredOperations(store, workspaceId, slug),
      commit: (commit) => commitImport(store, commit, sealer.seal),
      refresh,
      publicUrl,
      observe,
    },
  }
}

function checkFilter(sandbox: Sandbox, expression: string): void {
  try {
    sandbox.checkFilter(expression)
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error
    const detail = `The response filter is not JMESPath: ${error.message}`
    throw new Problem('invalid-request', { detail, errors: [{ pointer: '/responseFilter', detail }], cause: error })
  }
}

import { type ImportReport, type Observe, Problem } from '@sluice/contract'
import { FilterSyntaxError, InterceptorSyntaxError, type Sandbox } from '@sluice/sandbox'
import {
  commitImportOnce,
  commitRefresh,
  findCreated,
  REFRESHER,
  readFetchHeaders,
  readNamesOnServer,
  readServedDefinitions,
  readStoredOperations,
  recordRefresh,
  type Sealer,
  type Store,
} from '@sluice/store'
import type { AdminDeps } from './admin/deps.ts'
import { tellToolSamples } from './admin/tell-samples.ts'
import { storedFetchHeaders } from './imports/fetch-headers.ts'
import type { ImportDeps } from './imports/import-deps.ts'
import { type RefreshDeps, runRefresh } from './imports/run-refresh.ts'
import type { Catalogs } from './live/catalogs.ts'
import type { CallRecorder } from './live/record-calls.ts'
import { createCallTails } from './live/tail-calls.ts'
import type { Serving } from './serving.ts'

interface AdminParts {
  readonly store: Store
  readonly installationKey: string | undefined
  readonly tokenPrice: number | undefined
  readonly sealer: Sealer
  readonly catalogs: Catalogs
  readonly serving: Serving
  readonly recorder: Pick<CallRecorder, 'flush'>
  readonly observe: Observe
  readonly publicUrl: () => string
  readonly needDatabase: AdminDeps['needDatabase']
  readonly rotateKeys: AdminDeps['rotateKeys']
  readonly settings: AdminDeps['settings']
}

/** What a refresh works with. */
function refreshDeps({ store, sealer, catalogs, serving, observe }: AdminParts, deps: AdminDeps): RefreshDeps {
  // Asked by nobody, and so called off by nobody.
  const { signal } = new AbortController()
  return {
    ...readingDeps(store, serving),
    refresh: catalogs.refresh,
    observe,
    openSecret: sealer.open,
    commitRefresh: (commit) => commitRefresh(store, commit),
    record: (due, outcome) => recordRefresh(store, due, outcome),
    misfits: (workspaceId, upstream) =>
      tellToolSamples({ ...REFRESHER, name: 'refresh', workspaceId }, { upstream }, signal, deps),
  }
}

function readingDeps(store: Store, serving: Serving) {
  return {
    send: serving.egress.send,
    foreseeRefusal: serving.egress.foreseeRefusal,
    readSpec: serving.specs.read,
    missingUrls: serving.specs.missingUrls,
    takeApart: serving.specs.takeApart,
    pack: serving.specs.pack,
    parseYaml: serving.specs.parseYaml,
    checkAllow: serving.checkAllow,
    readDefinitions: (workspaceId: string, ids: readonly string[]) => readServedDefinitions(store, workspaceId, ids),
    readStored: (workspaceId: string, slug: string) => readStoredOperations(store, workspaceId, slug),
  }
}

/** What the admin API works with, on a store. */
export function adminDeps(parts: AdminParts): AdminDeps {
  const { store, installationKey, tokenPrice, sealer, catalogs, serving, recorder, observe, publicUrl } = parts
  const { needDatabase, rotateKeys, settings } = parts
  const { refresh } = catalogs
  const deps: AdminDeps = {
    store,
    installationKey,
    tokenPrice,
    sealer,
    catalog: catalogs.catalog,
    refresh,
    serve: serving.serve,
    readSpec: serving.specs.read,
    checkFilter: (expression) => checkFilter(serving.sandbox, expression),
    isDisabled: serving.sandbox.isDisabled,
    checkInterceptor: (source, point) => checkInterceptor(serving.sandbox, source, point),
    checkAllow: serving.checkAllow,
    reach: serving.egress.reach,
    flushCalls: async () => {
      await serving.callsWeighed()
      await recorder.flush()
    },
    tails: createCallTails(),
    publicUrl,
    needDatabase,
    rotateKeys,
    settings,
    refreshNow: (due) => runRefresh(due, refreshDeps(parts, deps)),
    imports: {
      ...readingDeps(store, serving),
      storedFetchHeaders: async (workspaceId, slug, url) => {
        const { refreshUrl, headers } = await readFetchHeaders(store, workspaceId, slug)
        const isSame = refreshUrl !== null && new URL(refreshUrl).origin === new URL(url).origin
        return isSame ? storedFetchHeaders(headers, sealer.open) : []
      },
      namesOnServer: (workspaceId, server, upstream) => readNamesOnServer(store, workspaceId, server, upstream),
      reportedBefore: async (workspaceId, once) => (await findCreated<ImportReport>(store, workspaceId, once))?.answer,
      commit: (commit, once, report) => commitImportOnce(store, commit, sealer.seal, once, report),
      refresh,
      publicUrl,
      observe,
    },
    within: (inner, imports) => withinTransaction(deps, adminDeps({ ...parts, store: inner }), imports),
  }
  return deps
}

/** Nothing is told to anybody before it is committed, and documents make no server by themselves. */
function withinTransaction(outer: AdminDeps, inner: AdminDeps, imports: Partial<ImportDeps>): AdminDeps {
  const refresh = async () => {}
  const commit: ImportDeps['commit'] = async (wanted, _once, report) => {
    await commitRefresh(inner.store, wanted)
    return report()
  }
  const quiet = { refresh, commit, observe: () => {}, ...imports }
  return { ...inner, tails: outer.tails, refresh, imports: { ...inner.imports, ...quiet } }
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

function checkInterceptor(sandbox: Sandbox, source: string, point: 'request' | 'response'): void {
  try {
    sandbox.checkInterceptor(source, point)
  } catch (error) {
    if (!(error instanceof InterceptorSyntaxError)) throw error
    const { message, line, column } = error
    const detail = `The ${point} interceptor cannot be read at line ${line}, column ${column}: ${message}`
    const errors = [{ pointer: `/steps/${point}Interceptor`, detail }]
    throw new Problem('invalid-request', { detail, errors, cause: error })
  }
}

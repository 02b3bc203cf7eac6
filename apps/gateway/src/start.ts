import { hkdfSync } from 'node:crypto'
import type { Observe } from '@sluice/contract'
import { prepareChecks } from '@sluice/schema'
import {
  type CallRetention,
  claimDueRefreshes,
  ensureDefaultWorkspace,
  leaseCalls,
  readCatalogOutline,
  readDefinitions,
  readDirectory,
  readRevisions,
  readSealingKeyIds,
  recordCalls,
  recordKeyUse,
  type Store,
  sealingKey,
  sweepCalls,
  sweepContinuations,
} from '@sluice/store'
import type { AdminDeps } from './admin/deps.ts'
import { adminDeps } from './admin-deps.ts'
import { createApp } from './app.ts'
import { checkEgressAllow, mayAllow } from './check-allow.ts'
import { type Config, ConfigFault } from './config.ts'
import { databaseHealth } from './database-health.ts'
import { firstAdminKey } from './first-admin-key.ts'
import { inDataFolder } from './in-data-folder.ts'
import { createKeyChange, keyringOf } from './key-change.ts'
import { listen, type Running } from './listen.ts'
import { type CatalogSource, createCatalogs } from './live/catalogs.ts'
import { continuationsIn } from './live/continuations.ts'
import { createMetrics } from './live/count-metrics.ts'
import { gauges } from './live/gauges.ts'
import { largeAnswersIn } from './live/kept-answers.ts'
import { createKeyUses } from './live/key-uses.ts'
import { createCallRecorder } from './live/record-calls.ts'
import { refreshSpecs } from './live/refresh-specs.ts'
import { renewGrant } from './live/renew-grant.ts'
import { statesIn } from './live/request-states.ts'
import { type MasterKeys, readMasterKeys } from './master-key.ts'
import type { McpDeps } from './mcp/route.ts'
import { openConfiguredStore } from './open-configured-store.ts'
import { createServing } from './serving.ts'
import { metricsOfAll } from './worker-metrics.ts'

/**
 * Starts the gateway: database, keys, catalogs, routes, then the port. `extend` is for programs that have the gateway within them.
 * @throws ConfigFault, DataFolderInUse, PortInUse, CannotListen, or Problem `database-unavailable`
 */
export async function start(config: Config, observe: Observe, extend?: McpDeps['extend']): Promise<Running> {
  // What was opened is closed in reverse: at a start that fails, or when the gateway stops.
  await using opened = new AsyncDisposableStack()
  checkEgressAllow(config.egressAllow)
  const masterKeys = await inDataFolder(config.dataDir, () => readMasterKeys(config.masterKey, config.dataDir))
  const opening = openConfiguredStore(config)
  // Meanwhile: the thread of an embedded database that there was already is under way by now.
  prepareChecks()
  const store = await opening
  opened.defer(() => store.close())
  await refuseForeignSecrets(store, masterKeys)
  const sealer = keyringOf(masterKeys)
  const keyChange = createKeyChange(masterKeys, sealer, store)
  opened.defer(keyChange.close)
  const { id: workspaceId } = await ensureDefaultWorkspace(store)
  const adminKey = await inDataFolder(config.dataDir, () => firstAdminKey(store, workspaceId, config.dataDir))
  const catalogs = await createCatalogs(sourceOf(store), { maxStaleMs: config.catalogMaxStaleMs, observe })
  opened.defer(catalogs.close)
  const keyUses = createKeyUses((uses) => recordKeyUse(store, uses))
  opened.defer(keyUses.close)
  const recorder = createCallRecorder((ended, drops) => recordCalls(store, ended, drops), observe)
  opened.defer(recorder.close)
  const telemetry = await telemetryOf(config)
  if (telemetry) opened.defer(telemetry.close)
  const metrics = config.metricsKey === undefined ? undefined : createMetrics()
  const observeAll: Observe = (observation) => {
    observe(observation)
    metrics?.observe(observation)
    telemetry?.observe(observation)
    if (observation.kind === 'call.finished') recorder.record(observation)
  }
  const continuations = continuationsIn(store, sealer)
  opened.defer(continuations.close)
  const serving = createServing(config, observeAll, {
    openSecret: sealer.open,
    sessionKey: sessionKeyOf(masterKeys.keys[0]),
    renewSecret: renewGrant(store, sealer),
    mayAllow,
    continuations,
    states: statesIn(store, sealer),
    isTraced: telemetry !== undefined,
    leaseCalls: (wanted) => leaseCalls(store, wanted),
    noteLargeAnswer: largeAnswersIn(store, catalogs.refresh),
  })
  opened.defer(serving.close)

  const sweeping = setInterval(() => void sweepContinuations(store).catch(() => {}), SWEEP_MS).unref()
  opened.defer(() => clearInterval(sweeping))
  const sweepRecord = () => void sweepCalls(store, retentionOf(config)).catch(() => {})
  const sweepingRecord = setInterval(sweepRecord, SWEEP_RECORD_MS).unref()
  opened.defer(() => clearInterval(sweepingRecord))
  sweepRecord()
  opened.defer(catalogs.onSwap((serverIds) => serverIds.forEach(serving.host.listsChanged)))

  const health = databaseHealth(store, catalogs.staleMs)
  let admin: AdminDeps | undefined
  const running = await listen(config, observe, {
    database: store.kind === 'pglite' ? 'embedded database' : 'PostgreSQL',
    giveUp: serving.giveUp,
    close: () => closing.disposeAsync(),
    createApp: ({ hosts, publicUrl, isStopping }) => {
      admin = adminDeps({
        store,
        installationKey: config.installationKey,
        tokenPrice: config.tokenPrice,
        sealer,
        catalogs,
        serving,
        recorder,
        observe,
        publicUrl,
        needDatabase: health.needDatabase,
        rotateKeys: keyChange.rotate,
        settings: config,
      })
      return createApp({
        hosts,
        isStopping,
        observe: observeAll,
        mcp: {
          keys: catalogs.keys,
          serverId: catalogs.serverId,
          catalog: catalogs.catalog,
          keyUsed: keyUses.used,
          host: serving.host,
          serve: serving.serve,
          accessTokens: serving.accessTokens,
          publicUrl,
          ...(extend ? { extend } : {}),
        },
        admin,
        health: { notReady: async () => (isStopping() ? 'the gateway is stopping' : await health.notReady()) },
        ...(metrics
          ? {
              metrics: {
                key: config.metricsKey!,
                text: metricsOfAll(async () =>
                  metrics.text(gauges(recorder.counts(), (await health.notReady()) === undefined)),
                ),
              },
            }
          : {}),
      })
    },
  })
  const closing = opened.move()
  const refreshing = refreshSpecs({
    claim: () => claimDueRefreshes(store, 10),
    refresh: (due) => admin!.refreshNow(due),
    observe,
  })
  closing.defer(refreshing.close)
  // What is left waits for the next start, or for who asks.
  void keyChange.resume().catch((cause) => observe({ kind: 'bug', where: 'key rotation', cause }))
  if (masterKeys.isNew || adminKey) {
    observe({
      kind: 'keys.made',
      ...(masterKeys.isNew ? { masterKey: masterKeys.file! } : {}),
      ...(adminKey ? { adminKey: adminKey.file } : {}),
    })
  }
  return running
}

/** The SDK takes a tenth of a second and 20 MB: it is read where it is configured. */
async function telemetryOf({ otlpEndpoint: endpoint, otlpHeaders, otlpServiceName: serviceName }: Config) {
  if (endpoint === undefined) return undefined
  const { startTelemetry } = await import('./telemetry.ts')
  return startTelemetry({ endpoint, headers: otlpHeaders ?? {}, serviceName })
}

function retentionOf({ recordMaxAgeDays, recordMaxRows, recordMaxContentMb }: Config): CallRetention {
  return { maxAgeDays: recordMaxAgeDays, maxRows: recordMaxRows, maxContentBytes: recordMaxContentMb * 1024 * 1024 }
}

/** The same in every gateway of the installation, so that any of them reads what another made. */
function sessionKeyOf(masterKey: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterKey, '', 'sluice mcp session ids', 32))
}

/** Secrets that cannot be opened would fail one call after the other; it is better not to start (S40). */
async function refuseForeignSecrets(store: Store, { keys }: MasterKeys): Promise<void> {
  const known = keys.map((key) => sealingKey(key).id)
  const foreign = (await readSealingKeyIds(store)).filter((id) => !known.includes(id))
  if (foreign.length === 0) return
  const advice = 'Start with that key: set MASTER_KEY or MASTER_KEY_FILE, or put its master.key into DATA_DIR.'
  throw new ConfigFault([
    `The database holds secrets that were sealed with another master key (${foreign.join(', ')}). ${advice}`,
  ])
}

function sourceOf(store: Store): CatalogSource {
  return {
    readRevisions: () => readRevisions(store),
    readDirectory: () => readDirectory(store),
    readOutline: (serverId) => readCatalogOutline(store, serverId),
    readDefinitions: (workspaceId, versionIds) => readDefinitions(store, workspaceId, versionIds),
    onChange: (listener) => store.onChange(listener),
  }
}

/** Answers that are kept for agents go when their time is over. What cannot be swept now is swept the next time. */
const SWEEP_MS = 60_000
const SWEEP_RECORD_MS = 300_000

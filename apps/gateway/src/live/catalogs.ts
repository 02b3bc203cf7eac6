import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type Catalog, type Observe, Problem } from '@sluice/contract'
import type { Directory, DirectoryIssuer, DirectoryKey, ServerRevision } from '@sluice/store'
import type { KeyDirectory, KnownIssuer, KnownKey } from '../mcp/authenticate.ts'
import { readRule } from '../mcp/grant-of.ts'
import { type CatalogReads, type LoadedCatalog, loadCatalog } from './load-catalog.ts'
import { createWholeTools } from './whole-tools.ts'

/** Where catalogs come from: the store, handed in. */
export interface CatalogSource extends CatalogReads {
  readonly readRevisions: () => Promise<readonly ServerRevision[]>
  readonly readDirectory: () => Promise<Directory>
  /** Hurries the poll; returns how to stop listening. */
  readonly onChange: (listener: () => void) => () => void
}

/** What calls are served from: everything in memory, so that a call reads no database. */
export interface Catalogs {
  readonly keys: () => KeyDirectory
  /** The server's id, by the slug in the URL. */
  readonly serverId: (slug: string) => string | undefined
  /** The catalog, loaded at first use and kept warm after. @throws Problem `database-unavailable` */
  readonly catalog: (serverId: string) => Promise<Catalog | undefined>
  /** Takes over what was just written. */
  readonly refresh: () => Promise<void>
  /** Tells which servers list other things than they did, to anybody, once their catalogs are swapped; returns how to stop listening. */
  readonly onSwap: (listener: (serverIds: readonly string[]) => void) => () => void
  /** Milliseconds since the database last said what is current. */
  readonly staleMs: () => number
  readonly close: () => void
}

const POLL_MS = 1_000
/** Those of some thousand tools of a common API, or of some hundred of one whose schemas are large. */
const WHOLE_BYTES = 1_000_000

export async function createCatalogs(
  source: CatalogSource,
  options: { readonly maxStaleMs: number; readonly observe: Observe },
): Promise<Catalogs> {
  let directory = indexDirectory(await source.readDirectory())
  let freshAt = Date.now()
  let failed = false
  const loaded = new Map<string, Loaded>()
  /** Servers that list other things than they did, of which nobody was told yet. */
  const changed = new Set<string>()
  const listeners = new Set<(serverIds: readonly string[]) => void>()
  const whole = createWholeTools(WHOLE_BYTES)

  /** Keys and slugs: a revoked key waits for no catalog. */
  const refreshDirectory = serialized(async () => {
    const revisions = await source.readRevisions()
    if (sameRevisions(revisions, directory.revisions)) return
    const found = indexDirectory(await source.readDirectory(), directory)
    for (const serverId of regrantedIn(directory, found)) changed.add(serverId)
    directory = found
  })

  /** A catalog that cannot be loaded stays as it was and is tried again. */
  const refreshCatalogs = serialized(async () => {
    const outdated = [...loaded].filter(([id, { revision }]) => directory.revisions.get(id) !== revision)
    const reloads = await Promise.allSettled(outdated.map(([id]) => reload(id)))
    tellChanged()
    const failure = reloads.find((result) => result.status === 'rejected')
    if (failure) throw failure.reason
    freshAt = Date.now()
    failed = false
  })

  function tellChanged(): void {
    const serverIds = [...changed]
    changed.clear()
    if (serverIds.length > 0) for (const listener of listeners) listener(serverIds)
  }

  async function reload(serverId: string): Promise<void> {
    const revision = directory.revisions.get(serverId)
    const before = await loaded.get(serverId)?.loading.catch(() => undefined)
    const found = revision === undefined ? undefined : await loadCatalog(source, serverId, whole, before)
    if (found) loaded.set(serverId, { revision, loading: Promise.resolve(found) })
    else loaded.delete(serverId)
    if (found?.lists !== before?.lists) changed.add(serverId)
  }

  const refresh = () => refreshDirectory().then(refreshCatalogs)
  const poll = () =>
    void refresh().catch((cause: unknown) => {
      // Said once, not every second.
      if (!failed) options.observe({ kind: 'catalogs.refresh-failed', cause })
      failed = true
    })
  const timer = setInterval(poll, POLL_MS).unref()
  const stopListening = source.onChange(poll)

  return {
    keys: () => directory,
    serverId: (slug) => directory.idsBySlug.get(slug),
    catalog: (serverId) => {
      const staleMs = Date.now() - freshAt
      if (staleMs > options.maxStaleMs) return Promise.reject(tooStale(staleMs))
      const known = loaded.get(serverId)
      if (known) return catalogOf(known)
      const first = { revision: directory.revisions.get(serverId), loading: loadCatalog(source, serverId, whole) }
      loaded.set(serverId, first)
      first.loading.catch(() => loaded.delete(serverId))
      return catalogOf(first)
    },
    refresh,
    onSwap: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    staleMs: () => Date.now() - freshAt,
    close: () => {
      clearInterval(timer)
      stopListening()
    },
  }
}

/** A catalog, and the revision it was loaded for. */
interface Loaded {
  readonly revision: number | undefined
  readonly loading: Promise<LoadedCatalog | undefined>
}

function catalogOf({ loading }: Loaded): Promise<Catalog | undefined> {
  return loading.then((found) => found?.catalog)
}

interface DirectoryIndex extends KeyDirectory {
  readonly idsBySlug: ReadonlyMap<string, string>
  readonly revisions: ReadonlyMap<string, number>
}

/** What of an issuer is as it was `before` stays the same object, which access tokens that are kept refer to. */
function indexDirectory({ servers, keys, issuers }: Directory, before?: DirectoryIndex): DirectoryIndex {
  const known = new Map([...(before?.issuersByServer.values() ?? [])].flat().map((one) => [one.fingerprint, one]))
  return {
    idsBySlug: new Map(servers.map(({ id, slug }) => [slug, id])),
    revisions: new Map(servers.map(({ id, revision }) => [id, revision])),
    keysByHash: new Map(keys.map(({ keyHash, ...key }): [string, KnownKey] => [keyHash, toKnownKey(key)])),
    issuersByServer: byServer(issuers.map((issuer) => toKnownIssuer(issuer, known))),
  }
}

function toKnownIssuer(issuer: DirectoryIssuer, known: ReadonlyMap<string, KnownIssuer>): KnownIssuer {
  const fingerprint = hash('sha256', JSON.stringify(issuer))
  return known.get(fingerprint) ?? { ...issuer, rules: issuer.rules.map(readRule), fingerprint }
}

function byServer(issuers: readonly KnownIssuer[]): Map<string, KnownIssuer[]> {
  const index = new Map<string, KnownIssuer[]>()
  for (const issuer of issuers)
    for (const serverId of issuer.serverIds) index.set(serverId, [...(index.get(serverId) ?? []), issuer])
  return index
}

function toKnownKey({ serverIds, toolIds, tags, readOnly, limits, ...key }: Omit<DirectoryKey, 'keyHash'>): KnownKey {
  const isLimited = toolIds !== null || tags !== null || readOnly
  return {
    ...key,
    serverIds: new Set(serverIds),
    ...(limits ? { limits } : {}),
    ...(isLimited ? { rights: { tools: toolIds && new Set(toolIds), tags: tags && new Set(tags), readOnly } } : {}),
  }
}

/**
 * What who listens with a key is listed, its rights decide, and of who comes with an access token the rules of its issuer. Who has a new key
 * listens to nothing yet, and a revoked one to nothing more.
 */
function regrantedIn(before: DirectoryIndex, after: DirectoryIndex): string[] {
  const byKeys = [...after.keysByHash].flatMap(([hash, { rights, serverIds }]) => {
    const known = before.keysByHash.get(hash)
    return known && !isDeepStrictEqual(known.rights, rights) ? [...serverIds] : []
  })
  // Issuers of which nothing changed are the same objects.
  const withIssuers = [...new Set([...before.issuersByServer.keys(), ...after.issuersByServer.keys()])]
  const byIssuers = withIssuers.filter((serverId) => {
    const [known = [], issuers = []] = [before, after].map(({ issuersByServer }) => issuersByServer.get(serverId))
    return issuers.length !== known.length || issuers.some((one) => !known.includes(one))
  })
  return [...byKeys, ...byIssuers]
}

function sameRevisions(found: readonly ServerRevision[], known: ReadonlyMap<string, number>): boolean {
  return found.length === known.size && found.every(({ id, revision }) => known.get(id) === revision)
}

function tooStale(staleMs: number): Problem {
  const detail = `The database has not answered for ${Math.round(staleMs / 1000)} s, so calls are no longer served from memory.`
  return new Problem('database-unavailable', { detail })
}

/** Runs never overlap; a run asked for during another begins after it, so it sees what was written before it was asked for. */
function serialized(run: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> = Promise.resolve()
  let waiting: Promise<void> | undefined
  return () => {
    waiting ??= current
      .catch(() => {})
      .then(() => {
        waiting = undefined
        current = run()
        return current
      })
    return waiting
  }
}

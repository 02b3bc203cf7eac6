import { type Catalog, type Observe, Problem } from '@sluice/contract'
import type { CatalogRows, Directory, ServerRevision } from '@sluice/store'
import type { KeyDirectory, KnownKey } from '../mcp/authenticate.ts'
import { buildCatalog } from './build-catalog.ts'

/** Where catalogs come from: the store, handed in. */
export interface CatalogSource {
  readonly readRevisions: () => Promise<readonly ServerRevision[]>
  readonly readDirectory: () => Promise<Directory>
  readonly readCatalog: (serverId: string) => Promise<CatalogRows | undefined>
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
  /** Milliseconds since the database last said what is current. */
  readonly staleMs: () => number
  readonly close: () => void
}

const POLL_MS = 1_000

export async function createCatalogs(
  source: CatalogSource,
  options: { readonly maxStaleMs: number; readonly observe: Observe },
): Promise<Catalogs> {
  let directory = indexDirectory(await source.readDirectory())
  let freshAt = Date.now()
  let failed = false
  const loaded = new Map<string, Promise<Catalog | undefined>>()

  const load = (serverId: string) => source.readCatalog(serverId).then((rows) => rows && buildCatalog(rows))

  /** All of it or nothing: a reload that fails leaves what is served, and the next poll tries again. */
  async function takeOver(): Promise<void> {
    const revisions = await source.readRevisions()
    if (!sameRevisions(revisions, directory.revisions)) {
      const next = indexDirectory(await source.readDirectory())
      const changed = [...loaded.keys()].filter((id) => next.revisions.get(id) !== directory.revisions.get(id))
      const reloaded = await Promise.all(changed.map(async (id) => [id, await load(id)] as const))
      for (const [id, catalog] of reloaded) {
        if (catalog) loaded.set(id, Promise.resolve(catalog))
        else loaded.delete(id)
      }
      directory = next
    }
    freshAt = Date.now()
    failed = false
  }

  const refresh = serialized(takeOver)
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
      let catalog = loaded.get(serverId)
      if (!catalog) {
        catalog = load(serverId)
        loaded.set(serverId, catalog)
        catalog.catch(() => loaded.delete(serverId))
      }
      return catalog
    },
    refresh,
    staleMs: () => Date.now() - freshAt,
    close: () => {
      clearInterval(timer)
      stopListening()
    },
  }
}

interface DirectoryIndex extends KeyDirectory {
  readonly idsBySlug: ReadonlyMap<string, string>
  readonly revisions: ReadonlyMap<string, number>
}

function indexDirectory({ servers, keys }: Directory): DirectoryIndex {
  return {
    idsBySlug: new Map(servers.map(({ id, slug }) => [slug, id])),
    revisions: new Map(servers.map(({ id, revision }) => [id, revision])),
    keysByHash: new Map(
      keys.map(({ keyHash, serverIds, ...key }): [string, KnownKey] => [
        keyHash,
        { ...key, serverIds: new Set(serverIds) },
      ]),
    ),
  }
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

import type { Admin, BundleServer, BundleTools, BundleUpstream } from '@sluice/contract'
import { readWorkspace, type Sealer, type Store, type WorkspaceRows } from '@sluice/store'
import type { ImportDeps } from '../imports/import-deps.ts'
import type { Perform } from './perform.ts'
import type { ReadBundle } from './read-bundle.ts'

/** A bundle on its way into a workspace, within one transaction. */
export interface Applying {
  readonly admin: Admin
  readonly bundle: ReadBundle
  readonly trust: boolean
  readonly prune: boolean
  readonly accept: boolean
  readonly store: Store
  readonly sealer: Sealer
  readonly imports: ImportDeps
  readonly perform: Perform
  /** As it was when this began. */
  readonly before: WorkspaceRows
  /** What was read last, until it is changed. */
  readonly known: { rows: WorkspaceRows | undefined }
  /** What was not taken over, and why. */
  readonly notes: string[]
}

/** The workspace as it is by now. It is read again only where something was changed. */
export async function rowsNow({ store, admin, known }: Applying): Promise<WorkspaceRows> {
  known.rows ??= await readWorkspace(store, admin.workspaceId)
  return known.rows
}

/** Changes something of the workspace past the routes. */
export function change<T>({ store, known }: Applying, work: (store: Store) => Promise<T>): Promise<T> {
  known.rows = undefined
  return work(store)
}

/** The upstreams of the bundle that are made or changed: without trust, only those that are not here yet. */
export function upstreamsOf(applying: Applying): string[] {
  return open(applying, 'upstreams', new Set(applying.before.upstreams.map(({ slug }) => slug)))
}

/** The servers of the bundle, likewise. */
export function serversOf(applying: Applying): string[] {
  return open(applying, 'servers', new Set(applying.before.servers.map(({ slug }) => slug)))
}

function open({ bundle, trust }: Applying, folder: string, here: ReadonlySet<string>): string[] {
  const slugs = [...bundle.values.keys()].flatMap((path) => {
    const [kind, slug] = path.split('/')
    return kind === folder && slug ? [slug] : []
  })
  return [...new Set(slugs)].filter((slug) => trust || !here.has(slug))
}

export function upstreamFile({ bundle }: Applying, slug: string): BundleUpstream {
  return bundle.values.get(`upstreams/${slug}/upstream.yaml`) as BundleUpstream
}

export function toolsFile({ bundle }: Applying, slug: string): BundleTools['tools'] {
  return (bundle.values.get(`upstreams/${slug}/tools.yaml`) as BundleTools | undefined)?.tools ?? {}
}

export function serverFile({ bundle }: Applying, slug: string): BundleServer {
  return bundle.values.get(`servers/${slug}/server.yaml`) as BundleServer
}

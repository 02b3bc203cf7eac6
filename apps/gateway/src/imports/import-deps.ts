import type { HeaderList, ImportCommit, ImportReport, Observe, Send } from '@sluice/contract'
import type { Egress } from '@sluice/egress'
import type { CommittedImport, Once, StoredImport } from '@sluice/store'
import type { CheckAllow } from '../check-allow.ts'
import type { SpecReader } from './spec-reader.ts'
import type { WeighDeps } from './weigh-changes.ts'

/** What an import works with. */
export interface ImportDeps extends WeighDeps {
  readonly send: Send
  readonly readSpec: SpecReader['read']
  readonly missingUrls: SpecReader['missingUrls']
  readonly takeApart: SpecReader['takeApart']
  readonly pack: SpecReader['pack']
  readonly parseYaml: SpecReader['parseYaml']
  /** The headers that an upstream's document was fetched with, for a URL of the same origin. */
  readonly storedFetchHeaders: (workspaceId: string, upstreamSlug: string, url: string) => Promise<HeaderList>
  /** Why calls to a URL would be refused for its address, or nothing. */
  readonly foreseeRefusal: Egress['foreseeRefusal']
  readonly checkAllow: CheckAllow
  readonly readStored: (workspaceId: string, upstreamSlug: string) => Promise<StoredImport>
  /** The names of other upstreams' tools on a server. */
  readonly namesOnServer: (workspaceId: string, serverSlug: string, upstreamSlug: string) => Promise<readonly string[]>
  /** What the same request was answered before, if it is repeated. */
  readonly reportedBefore: (workspaceId: string, once: Once) => Promise<ImportReport | undefined>
  /** Answers with the report, which is kept for who repeats the request. */
  readonly commit: (
    commit: ImportCommit,
    once: Once | undefined,
    report: (committed?: CommittedImport) => ImportReport,
  ) => Promise<ImportReport>
  /** Takes the committed change into what is served. */
  readonly refresh: () => Promise<void>
  readonly publicUrl: () => string
  readonly observe: Observe
}

import type { Catalog } from '@sluice/contract'
import type { Egress } from '@sluice/egress'
import type { DueRefresh, Sealer, Store } from '@sluice/store'
import type { CheckAllow } from '../check-allow.ts'
import type { Config } from '../config.ts'
import type { ImportDeps } from '../imports/import-deps.ts'
import type { SpecReader } from '../imports/spec-reader.ts'
import type { KeyChange } from '../key-change.ts'
import type { CallTails } from '../live/tail-calls.ts'
import type { ServeDeps } from '../mcp/run-call.ts'

interface Script {
  readonly point: 'request' | 'response'
  readonly source: string
  /** The id of its workspace. */
  readonly owner: string
}

/** What the admin API works with. */
export interface AdminDeps {
  readonly store: Store
  /** What manages workspaces; undefined: nothing does. */
  readonly installationKey: string | undefined
  readonly sealer: Sealer
  readonly catalog: (serverId: string) => Promise<Catalog | undefined>
  /** Takes what was just written into what is served. */
  readonly refresh: () => Promise<void>
  readonly serve: ServeDeps
  readonly readSpec: SpecReader['read']
  /** @throws Problem `invalid-request` naming the position of the fault */
  readonly checkFilter: (expression: string) => void
  /** @throws Problem `invalid-request` naming line and column of the fault */
  readonly checkInterceptor: (source: string, point: 'request' | 'response') => void
  /** Whether this gateway does not run it any more. */
  readonly isDisabled: (script: Script) => boolean
  readonly checkAllow: CheckAllow
  readonly reach: Egress['reach']
  readonly imports: ImportDeps
  /** The same on another store, which may be a transaction: what is served follows when that is committed. */
  readonly within: (store: Store, imports: Partial<ImportDeps>) => AdminDeps
  /** Fetches a document again now; what it came to, in words. */
  readonly refreshNow: (due: DueRefresh) => Promise<string>
  /** Writes every call that ended before, and what it cost a model. */
  readonly flushCalls: () => Promise<void>
  readonly rotateKeys: KeyChange['rotate']
  readonly tails: CallTails
  /** Of a million tokens. */
  readonly tokenPrice: number | undefined
  readonly publicUrl: () => string
  readonly settings: Pick<Config, 'host' | 'workers' | 'egressAllow'>
  /** @throws Problem `database-unavailable` */
  readonly needDatabase: () => Promise<void>
}

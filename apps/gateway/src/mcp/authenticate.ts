import type { CallLimits, ToolRights } from '@sluice/contract'
import { type DirectoryIssuer, hashKey } from '@sluice/store'
import type { KnownRule } from './grant-of.ts'

/** A key as the directory in memory knows it. */
export interface KnownKey {
  readonly id: string
  readonly workspaceId: string
  readonly name: string
  /** Milliseconds; null: it does not expire. */
  readonly expiresAt: number | null
  readonly serverIds: ReadonlySet<string>
  /** Absent: every tool of those servers. */
  readonly rights?: ToolRights
  readonly limits?: CallLimits
}

/** An issuer as the directory in memory knows it. */
export interface KnownIssuer extends Omit<DirectoryIssuer, 'rules'> {
  readonly rules: readonly KnownRule[]
  /** Another one for whatever is changed of it. */
  readonly fingerprint: string
}

export interface KeyDirectory {
  /** By SHA-256 of the key, in hex. Looking up a hash tells nothing by its time (S49). */
  readonly keysByHash: ReadonlyMap<string, KnownKey>
  /** Whose access tokens open a server, by its id. */
  readonly issuersByServer: ReadonlyMap<string, readonly KnownIssuer[]>
}

/** The key of an `Authorization: Bearer` header (RFC 6750 2.1), or nothing. A key in the URL is never read (S47). */
export function bearerKey(authorization: string | undefined): string | undefined {
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization ?? '')?.[1]
}

/** The key that was presented, if it is known and valid now. Unknown, revoked and expired keys are told apart by nobody. */
export function authenticate(directory: KeyDirectory, authorization: string | undefined): KnownKey | undefined {
  const key = bearerKey(authorization)
  const known = key === undefined ? undefined : directory.keysByHash.get(hashKey(key))
  return known && (known.expiresAt === null || known.expiresAt > Date.now()) ? known : undefined
}

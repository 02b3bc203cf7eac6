import {
  CallFailure,
  type CatalogCredential,
  type OpenSecret,
  type SealedSecret,
  type Send,
  type SendLimits,
  type TokenSecret,
} from '@sluice/contract'
import { type BoundedMap, createBoundedMap } from './bounded-map.ts'
import { readToken, type Token, tokenRequest } from './token-request.ts'

/** Which token a call needs. */
export interface WantedToken {
  /** How a failure names the credential. */
  readonly name: string
  readonly credential: CatalogCredential
  /** Those of the called operation; used where the credential names none. */
  readonly scopes: readonly string[]
  /** Where the authorization server may lie beside public addresses. */
  readonly allow: readonly string[]
}

/** Access tokens, kept to their end. Of several calls that need one at once, one gets it and the others wait (S57). */
export interface Tokens {
  /** @throws CallFailure `needs-authorization`, or as `Send` does */
  get(wanted: WantedToken, limits: Pick<SendLimits, 'deadline' | 'signal'>): Promise<string>
  /** Whether a token that the API refused is got anew. One that is new itself would only be refused again. */
  discard(credential: CatalogCredential, token: string): boolean
}

/**
 * Renews a stored secret: `renew` is given what is stored now and answers what is stored then, while nobody else does, on
 * no other gateway either.
 */
export type RenewSecret = (
  sealed: SealedSecret,
  renew: (stored: SealedSecret) => Promise<TokenSecret | undefined>,
) => Promise<void>

export interface TokensDeps {
  readonly send: Send
  readonly openSecret: OpenSecret
  readonly renewSecret: RenewSecret
}

/** One exchange, whoever waits for it. */
const EXCHANGE_MS = 20_000

/** After a failure nobody asks again for so long; where the server refused, what is wrong is not over soon. */
const PAUSE_MS = 5_000
const PAUSE_REFUSED_MS = 60_000

/** A token of this age or less is taken for what it is. */
const NEW_MS = 10_000

const MOST_KEPT = 1_000
const MOST_ANSWER_BYTES = 256 * 1024

interface Kept {
  readonly credentialId: string
  token?: Token
  gotAt?: number
  failure?: { readonly error: CallFailure; readonly until: number }
  pending?: Promise<string> | undefined
}

export function createTokens(deps: TokensDeps): Tokens {
  const kept = createBoundedMap<Kept>({ mostEntries: MOST_KEPT })
  return {
    get: async (wanted, limits) => {
      const entry = entryFor(kept, wanted)
      if (entry.token && entry.token.expiresAt > Date.now()) return entry.token.accessToken
      if (entry.failure && entry.failure.until > Date.now()) throw entry.failure.error
      entry.pending ??= obtain(wanted, entry, deps).finally(() => {
        entry.pending = undefined
      })
      return within(entry.pending, wanted.name, limits)
    },
    discard: (credential, token) => {
      const refused = [...kept.values()].filter(
        (entry) => entry.credentialId === credential.id && entry.token?.accessToken === token,
      )
      const old = refused.filter(({ gotAt }) => gotAt! + NEW_MS < Date.now())
      for (const entry of old) entry.token = { ...entry.token!, expiresAt: 0 }
      // Where another call discarded it already, there is another one.
      return old.length > 0 || refused.length === 0
    },
  }
}

/** Another secret or other scopes are another entry, so what a curator sets anew is used at once. */
function entryFor(kept: BoundedMap<Kept>, { credential, scopes }: WantedToken): Kept {
  const { secret, id } = credential
  const key = JSON.stringify([secret.workspaceId, id, secret.sealed, credential.grant, scopesFor(credential, scopes)])
  const entry = kept.get(key) ?? { credentialId: id }
  kept.set(key, entry)
  return entry
}

function scopesFor({ grant }: CatalogCredential, scopes: readonly string[]): readonly string[] {
  if (grant!.scopes.length > 0) return grant!.scopes
  // A refresh token keeps the scopes it was given with (RFC 6749 6).
  return grant!.grant === 'refresh_token' ? [] : scopes.toSorted()
}

async function obtain(wanted: WantedToken, entry: Kept, deps: TokensDeps): Promise<string> {
  try {
    const stale = entry.token?.accessToken
    const isKept = wanted.credential.grant!.grant === 'refresh_token'
    entry.token = isKept ? await renewed(wanted, stale, deps) : await exchange(wanted, wanted.credential.secret, deps)
    entry.gotAt = Date.now()
    delete entry.failure
    return entry.token.accessToken
  } catch (error) {
    if (error instanceof CallFailure) {
      const pause = error.kind === 'needs-authorization' ? PAUSE_REFUSED_MS : PAUSE_MS
      entry.failure = { error, until: Date.now() + pause }
    }
    throw error
  }
}

/** A refresh token may be good for one use: what is stored now is used, and what the server gave is stored before it is. */
async function renewed(wanted: WantedToken, stale: string | undefined, deps: TokensDeps): Promise<Token> {
  let token = stillGood(tokenSecret(wanted.credential.secret, deps.openSecret), stale)
  if (token) return token
  await deps.renewSecret(wanted.credential.secret, async (stored) => {
    const secret = tokenSecret(stored, deps.openSecret)
    token = stillGood(secret, stale)
    if (token) return undefined
    token = await exchange(wanted, stored, deps)
    return { ...secret, ...token }
  })
  return token!
}

/** Another gateway may have got one already. */
function stillGood({ accessToken, expiresAt }: TokenSecret, stale: string | undefined): Token | undefined {
  if (accessToken === undefined || accessToken === stale || (expiresAt ?? 0) <= Date.now()) return undefined
  return { accessToken, expiresAt: expiresAt! }
}

async function exchange({ name, credential, scopes, allow }: WantedToken, sealed: SealedSecret, deps: TokensDeps) {
  const grant = credential.grant!
  const secret = tokenSecret(sealed, deps.openSecret)
  const { workspaceId } = sealed
  const limits = { allow, workspaceId, deadline: Date.now() + EXCHANGE_MS, maxBytes: MOST_ANSWER_BYTES }
  const response = await deps.send(tokenRequest(grant, secret, scopesFor(credential, scopes)), limits)
  return readToken(
    response,
    `The authorization server ${new URL(grant.tokenUrl).host}, asked for a token of ${name},`,
    secret,
  )
}

function tokenSecret(sealed: SealedSecret, openSecret: OpenSecret): TokenSecret {
  const text = openSecret(sealed)
  try {
    return JSON.parse(text) as TokenSecret
  } catch {
    // A parser's complaint would quote the secret (S39).
    throw new CallFailure(
      'needs-authorization',
      'A stored OAuth client cannot be read; the operator must set it again. Nothing was sent.',
    )
  }
}

/** Whoever goes away or is out of time waits no longer; the exchange goes on for the others. */
function within(
  pending: Promise<string>,
  name: string,
  { deadline, signal }: Pick<SendLimits, 'deadline' | 'signal'>,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const leave = () => reject(new CallFailure('cancelled', 'The call was cancelled.'))
  const timer = setTimeout(
    () => reject(new CallFailure('timeout', `No access token for ${name} came in time. Nothing was sent to the API.`)),
    Math.max(0, deadline - Date.now()),
  )
  signal?.addEventListener('abort', leave, { once: true })
  if (signal?.aborted) leave()
  pending.then(resolve, reject)
  return promise.finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', leave)
  })
}

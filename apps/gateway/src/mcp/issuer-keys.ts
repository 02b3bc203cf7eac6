import { createBoundedMap } from '@sluice/calls'
import type { Observe } from '@sluice/contract'
import { createLocalJWKSet, errors } from 'jose'
import { IssuerFault, type KeySource } from './fetch-issuer-keys.ts'

/** The keys that verify the signatures of issuers, kept in memory and fetched again now and then. */
export interface IssuerKeys {
  /**
   * Runs `verify` with an issuer's keys, and once more with newly fetched ones where it knows none that fits: keys rotate.
   * @throws IssuerUnavailable where there are no keys
   */
  use<T>(source: KeySource, verify: (keys: KeySet) => Promise<T>): Promise<T>
  /** An issuer's keys, as far as they are known: what was verified with others counts no more. */
  known(source: KeySource): KeySet | undefined
}

export type KeySet = ReturnType<typeof createLocalJWKSet>

/** Nobody can say now whether a token is good. */
export class IssuerUnavailable extends Error {}

export interface IssuerKeysDeps {
  readonly fetchKeys: (source: KeySource) => Promise<Record<string, unknown>>
  readonly observe: Observe
  readonly now?: () => number
}

/** Keys of this age are fetched again while they go on being used. */
const FRESH_MS = 10 * 60_000
/** Without an answer of the issuer, keys are used no longer than that. */
const MOST_STALE_MS = 60 * 60_000
/** Tokens with ids of keys that nobody knows, whoever sends them, cause one fetch in this time (S58). */
const COOLDOWN_MS = 30_000
/** After a failure, nobody asks again for so long. */
const PAUSE_MS = 5_000
const MOST_ISSUERS = 1_000

interface Place {
  readonly source: KeySource
  keys?: KeySet
  /** The keys as they came, to see whether others come. */
  text?: string
  fetchedAt: number
  triedAt: number
  failure?: unknown
  pending?: Promise<void> | undefined
}

export function createIssuerKeys({ fetchKeys, observe, now = Date.now }: IssuerKeysDeps): IssuerKeys {
  const places = createBoundedMap<Place>({ mostEntries: MOST_ISSUERS })

  function placeOf(source: KeySource): Place {
    const name = JSON.stringify([source.workspaceId, source.issuer, source.jwksUri, source.allow])
    const place = places.get(name) ?? { source, fetchedAt: 0, triedAt: Number.NEGATIVE_INFINITY }
    places.set(name, place)
    return place
  }

  /** Of many who want keys at once, one fetches them and the others wait. */
  function load(place: Place): Promise<void> {
    place.pending ??= fetchInto(place).finally(() => {
      place.pending = undefined
      place.triedAt = now()
    })
    return place.pending
  }

  async function fetchInto(place: Place): Promise<void> {
    try {
      const found = await fetchKeys(place.source)
      const text = JSON.stringify(found)
      if (text !== place.text) {
        place.keys = keySetOf(found, place.source)
        place.text = text
      }
      place.fetchedAt = now()
      place.failure = undefined
    } catch (error) {
      place.failure = error
      observe({ kind: 'issuer.keys-failed', issuer: place.source.issuer, cause: error })
    }
  }

  const mayTry = (place: Place, pause: number) => place.pending !== undefined || place.triedAt + pause <= now()

  /** What old keys are replaced by is fetched beside the calls, which wait for first keys alone. */
  function lookAfter(place: Place): void {
    if (place.keys && place.fetchedAt + FRESH_MS <= now() && mayTry(place, COOLDOWN_MS)) void load(place)
  }

  async function current(place: Place): Promise<KeySet> {
    lookAfter(place)
    const isUsable = () => place.keys !== undefined && place.fetchedAt + MOST_STALE_MS > now()
    if (!isUsable() && mayTry(place, PAUSE_MS)) await load(place)
    if (!isUsable()) throw new IssuerUnavailable(place.source.issuer, { cause: place.failure })
    return place.keys!
  }

  /** Undefined where there are no others. */
  async function others(place: Place, than: KeySet): Promise<KeySet | undefined> {
    if (place.keys === than && mayTry(place, COOLDOWN_MS)) await load(place)
    return place.keys === than ? undefined : place.keys
  }

  return {
    async use(source, verify) {
      const place = placeOf(source)
      const keys = await current(place)
      try {
        return await verify(keys)
      } catch (error) {
        const newer = error instanceof errors.JWKSNoMatchingKey ? await others(place, keys) : undefined
        if (!newer) throw error
        return verify(newer)
      }
    },
    known(source) {
      const place = placeOf(source)
      lookAfter(place)
      return place.keys
    },
  }
}

function keySetOf(found: Record<string, unknown>, { issuer }: KeySource): KeySet {
  try {
    return createLocalJWKSet(found as unknown as Parameters<typeof createLocalJWKSet>[0])
  } catch (cause) {
    throw new IssuerFault(`What ${issuer} answered is no key set (RFC 7517 5).`, { cause })
  }
}

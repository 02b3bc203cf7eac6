import { hash } from 'node:crypto'
import { createBoundedMap } from '@sluice/calls'
import type { Subject } from '@sluice/contract'
import { decodeJwt, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'
import type { KnownIssuer } from './authenticate.ts'
import { type Grant, grantOf } from './grant-of.ts'
import type { IssuerKeys, KeySet } from './issuer-keys.ts'

/** Who an access token speaks for, and what it gives. */
export interface AccessToken extends Grant {
  readonly subject: Subject
  /** Milliseconds of `Date.now()`. */
  readonly expiresAt: number
}

/** The JWT access tokens of issuers (RFC 9068, and what issuers made before it). What is verified is kept to its end. */
export interface AccessTokens {
  /**
   * The token, if it is good now for one of the audiences.
   * @throws AccessTokenRefused with the reason, or IssuerUnavailable
   */
  verify(token: string, issuer: KnownIssuer, audiences: readonly string[]): Promise<AccessToken>
}

/** `message` may be told to whoever sent the token: each reason can be seen in the token itself. */
export class AccessTokenRefused extends Error {}

/** What clocks may differ. */
const TOLERANCE_S = 10
/** Verifying one costs more than all the rest of a call. */
const MOST_KEPT = 10_000

interface Kept {
  readonly accessToken: AccessToken
  /** What it was verified with. */
  readonly keys: KeySet
}

export function createAccessTokens(keys: IssuerKeys, now: () => number = Date.now): AccessTokens {
  const kept = createBoundedMap<Kept>({ mostEntries: MOST_KEPT })
  return {
    async verify(token, issuer, audiences) {
      // Whatever is decided by is in the name: with another rule or another audience it is decided anew.
      const name = hash('sha256', JSON.stringify([issuer.fingerprint, audiences, token]))
      const known = kept.get(name)
      if (known && known.keys === keys.known(issuer) && known.accessToken.expiresAt > now()) return known.accessToken
      kept.delete(name)
      const verified = await read(token, issuer, audiences, keys, now())
      kept.set(name, verified)
      return verified.accessToken
    },
  }
}

/** Who says that they issued a token: good for choosing whom to ask, and for nothing else. */
export function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

async function read(
  token: string,
  issuer: KnownIssuer,
  audiences: readonly string[],
  keys: IssuerKeys,
  now: number,
): Promise<Kept> {
  const options = {
    issuer: issuer.issuer,
    audience: [...audiences],
    algorithms: [...issuer.algorithms],
    requiredClaims: ['exp', 'sub'],
    clockTolerance: TOLERANCE_S,
    currentDate: new Date(now),
  }
  const { claims, used } = await keys
    .use(issuer, async (used) => ({ used, claims: await verifyWith(used, token, options) }))
    .catch((error: unknown) => {
      throw asRefusal(error)
    })
  const { sub, exp } = claims
  if (typeof sub !== 'string' || !SUBJECT.test(sub))
    throw new AccessTokenRefused('its subject (sub) is no text of 1 to 255 printable characters')
  // With the proof that goes with it, which nobody asks for here, it would be good; without, whoever stole it could send it.
  if (claims.cnf !== undefined) throw new AccessTokenRefused('it is bound to a proof (cnf) that is not checked here')
  if (claims.at_hash !== undefined || claims.c_hash !== undefined)
    throw new AccessTokenRefused('it is an ID token: it tells a client who logged in, and opens nothing')
  const subject = { issuer: issuer.issuer, sub }
  const expiresAt = (exp! + TOLERANCE_S) * 1000
  return { keys: used, accessToken: { subject, expiresAt, ...grantOf(issuer.rules, claims) } }
}

/** OpenID Connect Core 2. It is stored and shown: what cannot be is no name of anybody. */
const SUBJECT = /^\P{C}{1,255}$/u

/** Types that access tokens have (RFC 9068 2.1); what is of another is meant for something else (RFC 8725 3.11). */
const TYPES = /^((application\/)?(at\+)?jwt|application\/okta-internal-at\+jwt)$/i

async function verifyWith(set: KeySet, token: string, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return accept(await jwtVerify(token, set, options))
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    // The token does not say which key of several: one of them has to fit.
    for await (const key of error) {
      const verified = await jwtVerify(token, key, options).catch(unlessOtherKey)
      if (verified) return accept(verified)
    }
    throw new errors.JWSSignatureVerificationFailed()
  }
}

function unlessOtherKey(error: unknown): undefined {
  if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error
  return undefined
}

function accept({ payload, protectedHeader: { typ } }: Awaited<ReturnType<typeof jwtVerify>>): JWTPayload {
  if (typ !== undefined && !TYPES.test(typ))
    throw new AccessTokenRefused('its type (typ) is not that of an access token')
  return payload
}

/** jose throws errors of its own, and a TypeError for a key that is too weak; its complaints may quote what was sent. */
function asRefusal(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new AccessTokenRefused('it has expired', { cause: error })
  if (error instanceof errors.JWTClaimValidationFailed)
    return new AccessTokenRefused(CLAIMS[error.claim] ?? `its claim ${error.claim} is missing or wrong`, {
      cause: error,
    })
  if (error instanceof errors.JOSEAlgNotAllowed)
    return new AccessTokenRefused('its signature algorithm (alg) is not accepted', { cause: error })
  if (error instanceof errors.JWKSNoMatchingKey)
    return new AccessTokenRefused('it is signed with no key that its issuer has', { cause: error })
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return new AccessTokenRefused("its signature is not its issuer's", { cause: error })
  if (error instanceof errors.JOSEError || error instanceof TypeError)
    return new AccessTokenRefused('it is no JWT that can be verified', { cause: error })
  return error
}

const CLAIMS: Readonly<Record<string, string>> = {
  aud: 'it is for another audience (aud)',
  iss: 'it is of another issuer (iss)',
  nbf: 'it is not valid yet (nbf)',
  exp: 'it has no end (exp)',
  sub: 'it names no subject (sub)',
}

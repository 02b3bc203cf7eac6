import { type Caller, type Catalog, Problem } from '@sluice/contract'
import { serverUrl } from '../client-snippets.ts'
import { type AccessToken, AccessTokenRefused, type AccessTokens, claimedIssuer } from './access-tokens.ts'
import { authenticate, bearerKey, type KeyDirectory, type KnownIssuer, type KnownKey } from './authenticate.ts'
import { Challenge } from './challenge.ts'
import { scopesNamed } from './grant-of.ts'
import { IssuerUnavailable } from './issuer-keys.ts'
import { metadataUrl } from './metadata-url.ts'

/** A caller, and the server they may call. */
export interface Admitted {
  readonly catalog: Catalog
  readonly caller: Caller
  /** Whether what let the caller in would do so now; asked for as long as a stream is open. */
  readonly stillHolds: () => boolean
}

export interface AdmitDeps {
  readonly keys: () => KeyDirectory
  readonly serverId: (slug: string) => string | undefined
  readonly catalog: (serverId: string) => Promise<Catalog | undefined>
  readonly accessTokens: AccessTokens
  /** Told the id of each key that let a caller in. */
  readonly keyUsed: (accessKeyId: string) => void
  readonly publicUrl: () => string
}

/**
 * Who is calling: by an access key, or by an access token of an issuer that the server takes.
 * @throws Problem `unauthorized`, `not-found`, `insufficient-scope` or `issuer-unavailable`
 */
export async function admit(authorization: string | undefined, slug: string, deps: AdmitDeps): Promise<Admitted> {
  const key = authenticate(deps.keys(), authorization)
  if (key) return admitKey(key, authorization, slug, deps)
  const id = deps.serverId(slug)
  const issuers = issuersOf(deps.keys(), id)
  if (id === undefined || issuers.length === 0) throw new Problem('unauthorized', { detail: KEY_WANTED })
  const { issuer, accessToken } = await readToken(authorization, issuers, slug, deps)
  const catalog = await deps.catalog(id)
  if (!catalog) throw new Problem('not-found', { detail: `There is no server "${slug}" any more.` })
  return {
    catalog,
    caller: callerOf(accessToken, issuer),
    // Whatever of the issuer was changed, its tokens are looked at anew.
    stillHolds: () =>
      accessToken.expiresAt > Date.now() &&
      issuersOf(deps.keys(), id).some(({ fingerprint }) => fingerprint === issuer.fingerprint),
  }
}

const KEY_WANTED =
  'Send an access key as "Authorization: Bearer slk_…". The key sent, if any, is unknown, revoked or expired; `sluice key create` makes a new one.'

/** A server that a key does not open is, for that key, not there. */
async function admitKey(
  key: KnownKey,
  authorization: string | undefined,
  slug: string,
  deps: AdmitDeps,
): Promise<Admitted> {
  const serverId = deps.serverId(slug)
  const catalog = serverId !== undefined && key.serverIds.has(serverId) ? await deps.catalog(serverId) : undefined
  if (serverId === undefined || !catalog)
    throw new Problem('not-found', {
      detail: `Your key opens no server "${slug}". \`sluice key list\` shows what it opens.`,
    })
  deps.keyUsed(key.id)
  const { workspaceId, id, name, rights, limits } = key
  return {
    catalog,
    caller: { workspaceId, id, name, ...(rights ? { rights: [rights] } : {}), ...(limits ? { limits } : {}) },
    stillHolds: () => authenticate(deps.keys(), authorization)?.serverIds.has(serverId) ?? false,
  }
}

function issuersOf(directory: KeyDirectory, serverId: string | undefined): readonly KnownIssuer[] {
  return serverId === undefined ? [] : (directory.issuersByServer.get(serverId) ?? [])
}

async function readToken(
  authorization: string | undefined,
  issuers: readonly KnownIssuer[],
  slug: string,
  deps: AdmitDeps,
): Promise<{ issuer: KnownIssuer; accessToken: AccessToken }> {
  const challenged = challengeFor(issuers, slug, deps.publicUrl())
  const token = bearerKey(authorization)
  if (token === undefined) throw challenged.unauthorized()
  const claimed = claimedIssuer(token)
  const issuer = issuers.find((one) => one.issuer === claimed)
  if (!issuer) throw challenged.unauthorized('it is no key that is valid, and of no issuer that this server takes')
  try {
    const audiences = [serverUrl(deps.publicUrl(), slug), ...issuer.audiences]
    const accessToken = await deps.accessTokens.verify(token, issuer, audiences)
    if (accessToken.rights?.length === 0) throw challenged.insufficient(accessToken)
    return { issuer, accessToken }
  } catch (error) {
    if (error instanceof AccessTokenRefused) throw challenged.unauthorized(error.message)
    if (error instanceof IssuerUnavailable) throw unavailable(issuer, error)
    throw error
  }
}

function challengeFor(issuers: readonly KnownIssuer[], slug: string, publicUrl: string) {
  const where = { metadataUrl: metadataUrl(publicUrl, slug) }
  // Scopes of one issuer mean nothing to another, which may refuse whoever asks for them.
  const scopes = issuers.length === 1 ? scopesNamed(issuers[0]!.rules) : []
  return {
    unauthorized: (reason?: string) => {
      const wanted = `Send an access token of ${issuers.map(({ issuer }) => issuer).join(' or ')}, or an access key, as "Authorization: Bearer …".`
      if (reason === undefined) return new Challenge('unauthorized', wanted, { ...where, scopes })
      const about = { ...where, scopes, error: 'invalid_token', reason } as const
      return new Challenge('unauthorized', `What was sent is refused: ${reason}. ${wanted}`, about)
    },
    insufficient: ({ offers }: AccessToken) => {
      const wanted = [...new Set(offers.flatMap((offer) => offer.scopes))]
      const detail =
        wanted.length > 0
          ? `The access token opens no tool here: it needs the scope ${wanted.join(' or ')}.`
          : 'The access token opens no tool here: its claims are none of those that open any.'
      return new Challenge('insufficient-scope', detail, { ...where, error: 'insufficient_scope', scopes: wanted })
    },
  }
}

function unavailable({ name }: KnownIssuer, cause: IssuerUnavailable): Problem {
  const detail = `The keys of the issuer "${name}" cannot be read now, so nobody can say whether the access token is good. Try again later; the operator finds the reason in the log.`
  return new Problem('issuer-unavailable', { detail, cause })
}

/** An issuer's identifier has no space, so nobody is taken for another. */
function callerOf({ subject, rights, offers }: AccessToken, { workspaceId, name }: KnownIssuer): Caller {
  return {
    workspaceId,
    id: `${subject.issuer} ${subject.sub}`,
    name: `${subject.sub} (${name})`,
    subject,
    ...(rights ? { rights } : {}),
    ...(offers.length > 0 ? { offers } : {}),
  }
}

import type { Send, SendLimits } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { issuerUrlFault } from './issuer-url.ts'

/** Where the keys of an issuer lie. */
export interface KeySource {
  readonly workspaceId: string
  readonly issuer: string
  /** Null: where its metadata says. */
  readonly jwksUri: string | null
  /** Private hosts that may be called for them. */
  readonly allow: readonly string[]
}

/** What an issuer said is of no use. */
export class IssuerFault extends Error {}

/** Of metadata and keys together (S58). */
const FETCH_MS = 5_000
const MOST_BYTES = 256 * 1024

/**
 * Fetches an issuer's key set, through the guarded door, from where its owner or its own metadata says; never from where a
 * token says. Redirects are not followed.
 * @throws IssuerFault, or CallFailure as `Send` does
 */
export async function fetchIssuerKeys(source: KeySource, send: Send): Promise<Record<string, unknown>> {
  const { allow, workspaceId } = source
  const limits = { allow, workspaceId, deadline: Date.now() + FETCH_MS, maxBytes: MOST_BYTES }
  const url = source.jwksUri ?? (await discoverJwksUri(source, send, limits))
  const keys = await getJson(url, source, send, limits)
  if (!keys) throw new IssuerFault(`${url} answered that there are no keys.`)
  return keys
}

/** OpenID Connect Discovery 4, then RFC 8414 3.1. What names another issuer is not gone past: somebody answers for another. */
async function discoverJwksUri(source: KeySource, send: Send, limits: SendLimits): Promise<string> {
  const { issuer } = source
  for (const url of metadataUrls(issuer)) {
    const metadata = await getJson(url, source, send, limits)
    if (!metadata) continue
    if (metadata.issuer !== issuer) throw new IssuerFault(`${url} is the metadata of another issuer.`)
    if (typeof metadata.jwks_uri !== 'string') throw new IssuerFault(`${url} names no jwks_uri.`)
    return metadata.jwks_uri
  }
  throw new IssuerFault(`${issuer} has no metadata: give its jwksUri.`)
}

function metadataUrls(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ]
}

/** Undefined where there is nothing at the URL. */
async function getJson(
  url: string,
  { allow }: KeySource,
  send: Send,
  limits: SendLimits,
): Promise<Record<string, unknown> | undefined> {
  const fault = issuerUrlFault(url, allow)
  if (fault) throw new IssuerFault(`${url.slice(0, 200)} ${fault}.`)
  const { status, body } = await send({ method: 'GET', url, headers: HEADERS }, limits)
  if (status === 404) return undefined
  if (status !== 200) throw new IssuerFault(`${url} answered ${status}.`)
  const value = jsonOf(body)
  if (!isObject(value)) throw new IssuerFault(`${url} did not answer a JSON object.`)
  return value
}

const HEADERS = [
  ['accept', 'application/json'],
  ['user-agent', 'Sluice'],
] as const

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}

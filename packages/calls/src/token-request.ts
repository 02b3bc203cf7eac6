import { CallFailure, type HttpRequest, type HttpResponse, type TokenGrant, type TokenSecret } from '@sluice/contract'
import { isObject, parseJson } from '@sluice/schema'
import { maskSecrets } from './mask-secrets.ts'

/** What an authorization server gave. */
export interface Token {
  readonly accessToken: string
  /** Milliseconds of `Date.now()` after which it is got again. */
  readonly expiresAt: number
  /** Another than before, where the server rotates them (RFC 9700 4.14.2). */
  readonly refreshToken?: string
}

/** The request for an access token (RFC 6749 4.4.2 and 6). */
export function tokenRequest(grant: TokenGrant, secret: TokenSecret, scopes: readonly string[]): HttpRequest {
  const body = new URLSearchParams({ ...grant.parameters, grant_type: grant.grant })
  if (grant.grant === 'refresh_token') body.set('refresh_token', secret.refreshToken ?? '')
  if (scopes.length > 0) body.set('scope', scopes.join(' '))
  const headers: Array<[string, string]> = [
    ['content-type', 'application/x-www-form-urlencoded'],
    ['accept', 'application/json'],
    ['user-agent', 'Sluice'],
  ]
  const { clientId } = grant
  const isBasic = grant.clientAuth === 'basic' && secret.clientSecret !== undefined
  if (isBasic) headers.push(['authorization', `Basic ${basicPair(clientId, secret.clientSecret!)}`])
  else {
    body.set('client_id', clientId)
    if (secret.clientSecret !== undefined) body.set('client_secret', secret.clientSecret)
  }
  return { method: 'POST', url: grant.tokenUrl, headers, body: body.toString() }
}

/** RFC 6749 2.3.1: each is encoded as in a form first. */
function basicPair(id: string, secret: string): string {
  const encoded = [id, secret].map((text) => new URLSearchParams({ '': text }).toString().slice(1))
  return Buffer.from(encoded.join(':')).toString('base64')
}

/** A token of which nobody said how long it lives. */
const UNKNOWN_LIFE_S = 600

/**
 * Reads a token response (RFC 6749 5.1 and 5.2). A token is used up to a minute, or a tenth of its life, before its end.
 * @throws CallFailure of kind `needs-authorization` with what the server said, or `upstream` where it said nothing of use
 */
export function readToken(response: HttpResponse, about: string, secret: TokenSecret): Token {
  const answer = jsonOf(response.body)
  const token = answer.access_token
  if (response.status !== 200 || typeof token !== 'string' || token === '')
    throw refusal(response, answer, about, secret)
  const type = String(answer.token_type ?? 'Bearer')
  if (!/^bearer$/i.test(type)) {
    throw new CallFailure(
      'needs-authorization',
      `${about} gave a token of type ${type.slice(0, 40)}, which Sluice cannot present. Nothing was sent to the API.`,
    )
  }
  const seconds = Number(answer.expires_in)
  const life = Number.isFinite(seconds) && seconds > 0 ? seconds : UNKNOWN_LIFE_S
  const used = life - Math.min(60, life / 10)
  return {
    accessToken: token,
    expiresAt: Date.now() + used * 1000,
    ...(typeof answer.refresh_token === 'string' ? { refreshToken: answer.refresh_token } : {}),
  }
}

function jsonOf(body: Uint8Array): Record<string, unknown> {
  try {
    const value = parseJson(new TextDecoder().decode(body))
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** An error that another try would not change names an error code (RFC 6749 5.2). */
function refusal(
  { status }: HttpResponse,
  answer: Record<string, unknown>,
  about: string,
  secret: TokenSecret,
): CallFailure {
  const mask = maskSecrets([secret.clientSecret, secret.refreshToken].filter((text) => text !== undefined))
  const told = [answer.error, answer.error_description]
    .filter((text) => typeof text === 'string')
    .map((text) => mask.text(text).slice(0, 200))
  if (typeof answer.error !== 'string' || status >= 500) {
    return new CallFailure(
      'upstream',
      `${about} answered ${status} and gave no token. Nothing was sent to the API; try again later.`,
    )
  }
  return new CallFailure(
    'needs-authorization',
    `${about} refused: ${told.join(': ')}. Nothing was sent to the API; the operator must set the credential again.`,
  )
}

import {
  type Call,
  CallFailure,
  type CatalogCredential,
  type CatalogUpstream,
  type HttpRequest,
  headerValue,
  isCookieValue,
  type OpenSecret,
  type SecurityRequirement,
  type SecurityScheme,
} from '@sluice/contract'
import { fillPlaceholder } from '@sluice/openapi'
import { isObject } from '@sluice/schema'
import type { Tokens } from './create-tokens.ts'
import { type SecretPlaceholder, showRequest } from './fixed-arguments.ts'
import { isBeyond, missingCredential } from './missing-credential.ts'

/** A request with its secrets, and their plain values: echoes of them are masked in the answer. */
export interface SignedRequest {
  readonly request: HttpRequest
  readonly secrets: readonly string[]
  /** The request as a trace may show it: each secret is told by its place. */
  readonly shown: () => HttpRequest
  /** Those that were put on. */
  readonly credentials: readonly CatalogCredential[]
  /** The access tokens among them, with the credentials they were got with. */
  readonly tokens: ReadonlyArray<{ readonly credential: CatalogCredential; readonly token: string }>
}

export interface CredentialDeps {
  readonly openSecret: OpenSecret
  readonly tokens: Tokens
}

/**
 * Puts the secrets on a request: those that arguments are fixed to, then the upstream's credentials. Of the operation's
 * requirements the first that can be met is used (OR), with all its schemes (AND); then what a curator placed goes along
 * with every call. A secret goes only to origins it is bound to.
 * @throws CallFailure of kind `needs-authorization`, naming what is missing and where to set it, or of kind `arguments` for a
 * secret that cannot stand in its place; nothing is sent
 */
export async function applyCredential(
  request: HttpRequest,
  call: Pick<Call, 'tool' | 'upstream' | 'deadline' | 'signal'>,
  placeholders: readonly SecretPlaceholder[],
  deps: CredentialDeps,
): Promise<SignedRequest> {
  const { tool, upstream } = call
  const origin = originOf(request.url, upstream)
  for (const placeholder of placeholders) checkOrigin(placeholder, origin)
  const { requirement, credentials } = credentialsFor(tool.operation.security, upstream, origin)
  const presenting = credentials.map((one) => present(one, requirement[one.scheme] ?? [], call, deps))
  const presented = presenting.length > 0 ? await Promise.all(presenting) : []
  let signed = request
  const secrets: string[] = []
  for (const placeholder of placeholders) {
    const secret = deps.openSecret(placeholder.secret)
    if (secret === '') throw notSet(`${placeholder.argument} is fixed to a secret`)
    signed = fillPlaceholder(signed, tool.operation, placeholder, secret)
    secrets.push(secret)
  }
  for (const { credential, text } of presented) {
    const scheme = schemeOf(credential, upstream)
    const fill = (value: string) => fillParts(value, credential, origin, deps.openSecret)
    const one = sign(signed, scheme, text, credential.scheme, fill)
    signed = one.request
    secrets.push(...one.secrets)
  }
  const tokens = presented.flatMap(({ credential, text }) => (credential.grant ? [{ credential, token: text }] : []))
  const shown = () =>
    presented.reduce(
      (before, { credential, text }) => showOn(before, schemeOf(credential, upstream), text, credential.scheme),
      showRequest(request, placeholders),
    )
  return { request: signed, secrets, shown, credentials, tokens }
}

/** What begins with an origin and a slash is of that origin, and needs no reading. */
function originOf(url: string, { origin }: CatalogUpstream): string {
  return origin !== undefined && url.startsWith(origin) && url[origin.length] === '/' ? origin : new URL(url).origin
}

function schemeOf(
  { placement, scheme }: CatalogCredential,
  { securitySchemes }: CatalogUpstream,
): SecurityScheme | undefined {
  return placement ?? securitySchemes[scheme]
}

/** What a credential presents: its secret, or an access token that is got with it. */
async function present(
  credential: CatalogCredential,
  scopes: readonly string[],
  { upstream, deadline, signal }: Pick<Call, 'upstream' | 'deadline' | 'signal'>,
  { openSecret, tokens }: CredentialDeps,
): Promise<{ credential: CatalogCredential; text: string }> {
  if (!credential.grant) return { credential, text: openSecret(credential.secret) }
  const name = `"${credential.scheme}" of the upstream "${upstream.slug}"`
  const wanted = { name, credential, scopes, allow: upstream.allow }
  return { credential, text: await tokens.get(wanted, { deadline, signal }) }
}

/** Puts named secrets into a custom header's value, each only for origins that it is bound to. */
function fillParts(
  value: string,
  { parts = {}, scheme }: CatalogCredential,
  origin: string,
  openSecret: OpenSecret,
): string {
  return value.replaceAll(SECRET_PART, (whole, name: string) => {
    const part = Object.hasOwn(parts, name) ? parts[name]! : undefined
    if (!part) return whole
    if (part.origins.includes(origin)) {
      const secret = openSecret(part.secret)
      if (secret === '') throw notSet(`The headers of "${scheme}" name the secret "${name}"`)
      return secret
    }
    const detail = `The headers of "${scheme}" name the secret "${name}", which is bound to ${part.origins.join(', ')}, not to ${origin}.`
    throw new CallFailure('needs-authorization', `${detail} Nothing was sent.`)
  })
}

/** A bundle names secrets and brings none. */
function notSet(what: string): CallFailure {
  return new CallFailure('needs-authorization', `${what}, which the operator has yet to set. Nothing was sent.`)
}

/** The secrets that a custom header's value names. */
export function partsIn(value: string): string[] {
  return [...value.matchAll(SECRET_PART)].map(([, name]) => name!)
}

const SECRET_PART = /\$\{([^}]+)\}/g

function checkOrigin({ argument, origins }: SecretPlaceholder, origin: string): void {
  if (origins.includes(origin)) return
  throw new CallFailure(
    'needs-authorization',
    `${argument} is fixed to a secret that is bound to ${origins.join(', ')}, not to ${origin}. The operator can fix it to a secret for that origin. Nothing was sent.`,
  )
}

/** In the order they are put on: what the operation wants, then what goes with every call. */
function credentialsFor(
  security: readonly SecurityRequirement[],
  upstream: CatalogUpstream,
  origin: string,
): { requirement: SecurityRequirement; credentials: CatalogCredential[] } {
  const bound = upstream.credentials.filter(({ origins }) => origins.includes(origin))
  const usable = new Map(bound.map((credential) => [credential.scheme, credential]))
  const isPlaced = bound.some(({ placement }) => placement)
  const isStored = (name: string) => usable.has(name)
  const standsIn = (name: string) => isStored(name) || (isPlaced && isBeyond(name, upstream))
  const requirement = security.length === 0 ? {} : firstMet(security, [isStored, standsIn])
  if (!requirement) throw missingCredential(security, upstream, origin)
  const wanted = Object.keys(requirement).flatMap((name) => usable.get(name) ?? [])
  const placed = bound.filter((credential) => credential.placement && !wanted.includes(credential))
  return { requirement, credentials: [...wanted, ...placed] }
}

/** A requirement without schemes is met by sending nothing, so it comes last. */
function firstMet(
  security: readonly SecurityRequirement[],
  ways: ReadonlyArray<(name: string) => boolean>,
): SecurityRequirement | undefined {
  const isOf = (requirement: SecurityRequirement) => Object.keys(requirement).length > 0
  for (const isMet of ways) {
    const met = security.find((requirement) => isOf(requirement) && Object.keys(requirement).every(isMet))
    if (met) return met
  }
  return security.find((requirement) => !isOf(requirement))
}

/** Values were checked when they were stored; a scheme that is not supported cannot have a credential. */
function sign(
  request: HttpRequest,
  scheme: SecurityScheme | undefined,
  secret: string,
  schemeName: string,
  fill: (value: string) => string,
): Pick<SignedRequest, 'request' | 'secrets'> {
  // What no document declares any more goes nowhere: a stored secret is sent as was agreed, or not at all (S42).
  if (!scheme) {
    const detail = `The security scheme "${schemeName}" is no longer declared; the operator must set its credential again.`
    throw new CallFailure('needs-authorization', `${detail} Nothing was sent.`)
  }
  if (scheme.type === 'headers') {
    const headers = readHeaders(secret, schemeName).map(([name, value]) => [name, fill(value)] as const)
    const signed = headers.reduce((before, [name, value]) => withHeader(before, name, value), request)
    return { request: signed, secrets: headers.flatMap(([, value]) => spellingsOf(value)) }
  }
  if (scheme.type === 'apiKey') return { request: withKey(request, scheme, secret, schemeName), secrets: [secret] }
  // RFC 7617 2: user-pass in UTF-8.
  const isBasic = scheme.type === 'http' && scheme.scheme === 'basic'
  const encoded = Buffer.from(secret, 'utf8').toString('base64')
  const value = isBasic ? `Basic ${encoded}` : `Bearer ${secret}`
  // What is sent of it is a secret as well, and may be encoded once more.
  return { request: withHeader(request, 'authorization', value), secrets: isBasic ? [secret, encoded] : [secret] }
}

const HIDDEN = '***'

/** The same with what is secret hidden. */
function showOn(request: HttpRequest, scheme: SecurityScheme | undefined, secret: string, name: string): HttpRequest {
  if (!scheme) return request
  if (scheme.type === 'headers')
    return readHeaders(secret, name).reduce((before, [header]) => withHeader(before, header, HIDDEN), request)
  if (scheme.type === 'apiKey') return withKey(request, scheme, HIDDEN, name)
  const isBasic = scheme.type === 'http' && scheme.scheme === 'basic'
  return withHeader(request, 'authorization', `${isBasic ? 'Basic' : 'Bearer'} ${HIDDEN}`)
}

/** The secret of custom headers is JSON text. A parser's complaint would quote it, so it goes nowhere (S39). */
function readHeaders(secret: string, schemeName: string): Array<[string, string]> {
  try {
    const headers: unknown = JSON.parse(secret)
    if (isObject(headers)) return Object.entries(headers).map(([name, value]) => [name, String(value)])
  } catch {}
  throw new CallFailure(
    'needs-authorization',
    `The stored headers of "${schemeName}" cannot be read; the operator must set them again. Nothing was sent.`,
  )
}

/** Of `Bearer abc` the `abc` alone too: an echo may leave out the first word (RFC 9110 11.4). */
function spellingsOf(value: string): string[] {
  const alone = /^\S+ +(.+)$/.exec(value)?.[1]
  return alone ? [value, alone] : [value]
}

function withKey(
  request: HttpRequest,
  { in: place, name }: Extract<SecurityScheme, { type: 'apiKey' }>,
  secret: string,
  schemeName: string,
): HttpRequest {
  if (place === 'header') return withHeader(request, name, secret)
  if (place === 'query') return { ...request, url: withQueryKey(request.url, name, secret) }
  // One that was stored for another place, or before this was checked, must not become two cookies.
  if (!isCookieValue(secret)) {
    const detail = `The credential "${schemeName}" holds characters that a cookie cannot hold; the operator must set it again.`
    throw new CallFailure('needs-authorization', `${detail} Nothing was sent.`)
  }
  const others = (headerValue(request.headers, 'cookie') ?? '').split(/; */)
  const kept = others.filter((pair) => pair !== '' && pair.split('=', 1)[0]!.trim() !== name)
  return withHeader(request, 'cookie', [...kept, `${name}=${secret}`].join('; '))
}

/** In place of any of that name: of two, a server may believe the one that a model wrote into a free-form query (S16). */
function withQueryKey(url: string, name: string, secret: string): string {
  const [place, ...query] = url.split('?')
  const others = query
    .join('?')
    .split('&')
    .filter((pair) => pair !== '' && decoded(pair.split('=', 1)[0]!) !== name)
  return `${place}?${[...others, `${encodeURIComponent(name)}=${encodeURIComponent(secret)}`].join('&')}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** Set last, in place of anything of that name (S16). */
function withHeader(request: HttpRequest, name: string, value: string): HttpRequest {
  const kept = request.headers.filter(([header]) => header.toLowerCase() !== name.toLowerCase())
  return { ...request, headers: [...kept, [name, value]] }
}

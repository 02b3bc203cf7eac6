import {
  type Call,
  CallFailure,
  type CatalogCredential,
  type CatalogUpstream,
  type HttpRequest,
  type OpenSecret,
  type SecurityRequirement,
  type SecurityScheme,
} from '@sluice/contract'

/** A request with its credentials, and their plain values: echoes of them are masked in the answer. */
export interface SignedRequest {
  readonly request: HttpRequest
  readonly secrets: readonly string[]
}

/**
 * Puts the upstream's credentials on a request. Of the operation's requirements the first that can be met is used (OR), with
 * all its schemes (AND). A secret goes only to origins it is bound to.
 * @throws CallFailure of kind `needs-authorization`, naming what is missing and where to set it; nothing is sent
 */
export function applyCredential(
  request: HttpRequest,
  { tool, upstream }: Pick<Call, 'tool' | 'upstream'>,
  openSecret: OpenSecret,
): SignedRequest {
  const { security } = tool.operation
  if (security.length === 0) return { request, secrets: [] }
  const origin = new URL(request.url).origin
  const usable = new Map(
    upstream.credentials
      .filter(({ origins }) => origins.includes(origin))
      .map((credential) => [credential.scheme, credential]),
  )
  const requirement = firstMet(security, usable)
  if (!requirement) throw missing(security, upstream, origin)
  let signed = request
  const secrets: string[] = []
  for (const name of Object.keys(requirement)) {
    const secret = openSecret(usable.get(name)!.secret)
    signed = sign(signed, upstream.securitySchemes[name], secret)
    secrets.push(secret)
  }
  return { request: signed, secrets }
}

/** A requirement without schemes is met by sending nothing, so it comes last. */
function firstMet(
  security: readonly SecurityRequirement[],
  usable: ReadonlyMap<string, CatalogCredential>,
): SecurityRequirement | undefined {
  const met = security.filter((requirement) => Object.keys(requirement).every((name) => usable.has(name)))
  return met.find((requirement) => Object.keys(requirement).length > 0) ?? met[0]
}

function missing(security: readonly SecurityRequirement[], upstream: CatalogUpstream, origin: string): CallFailure {
  const wanted = security
    .map((requirement) =>
      Object.keys(requirement)
        .map((name) => describe(name, upstream))
        .join(' and '),
    )
    .join(', or ')
  const bound = upstream.credentials.filter(({ origins }) => !origins.includes(origin))
  const elsewhere =
    bound.length > 0
      ? ` The stored one is bound to ${[...new Set(bound.flatMap(({ origins }) => origins))].join(', ')}, not to ${origin}.`
      : ''
  return new CallFailure(
    'needs-authorization',
    `The API wants ${wanted}, and no credential is stored for it.${elsewhere} The operator can set it by importing the document for upstream "${upstream.slug}" again with a credential. Nothing was sent.`,
  )
}

function describe(name: string, { securitySchemes }: CatalogUpstream): string {
  const scheme = securitySchemes[name]
  switch (scheme?.type) {
    case 'apiKey':
      return `"${name}" (an API key in the ${scheme.in} "${scheme.name}")`
    case 'http':
      return `"${name}" (HTTP ${scheme.scheme})`
    case 'oauth2':
    case 'openIdConnect':
      return `"${name}" (an OAuth access token)`
    default:
      return `"${name}" (a scheme that is not supported)`
  }
}

/** Values were checked when they were stored; a scheme that is not supported cannot have a credential. */
function sign(request: HttpRequest, scheme: SecurityScheme | undefined, secret: string): HttpRequest {
  if (scheme?.type === 'apiKey') return withKey(request, scheme, secret)
  if (scheme?.type === 'http' && scheme.scheme === 'basic') {
    // RFC 7617 2: user-pass in UTF-8.
    return withHeader(request, 'authorization', `Basic ${Buffer.from(secret, 'utf8').toString('base64')}`)
  }
  return withHeader(request, 'authorization', `Bearer ${secret}`)
}

function withKey(
  request: HttpRequest,
  { in: place, name }: Extract<SecurityScheme, { type: 'apiKey' }>,
  secret: string,
): HttpRequest {
  if (place === 'header') return withHeader(request, name, secret)
  if (place === 'query') {
    const separator = request.url.includes('?') ? '&' : '?'
    return { ...request, url: `${request.url}${separator}${encodeURIComponent(name)}=${encodeURIComponent(secret)}` }
  }
  const others = request.headers.find(([header]) => header === 'cookie')?.[1]
  return withHeader(request, 'cookie', [others, `${name}=${secret}`].filter(Boolean).join('; '))
}

/** Set last, in place of anything of that name (S16). */
function withHeader(request: HttpRequest, name: string, value: string): HttpRequest {
  const kept = request.headers.filter(([header]) => header.toLowerCase() !== name.toLowerCase())
  return { ...request, headers: [...kept, [name, value]] }
}

import { CallFailure, type CatalogUpstream, type SecurityRequirement } from '@sluice/contract'

/** The failure of a call whose credential is not stored: what the API wants, and how the operator sets it (B152). */
export function missingCredential(
  security: readonly SecurityRequirement[],
  upstream: CatalogUpstream,
  origin: string,
): CallFailure {
  const wanted = security.map((requirement) =>
    Object.keys(requirement)
      .map((name) => describe(name, upstream))
      .join(' and '),
  )
  const bound = upstream.credentials.filter(({ origins }) => !origins.includes(origin))
  const elsewhere =
    bound.length > 0
      ? ` The stored one is bound to ${[...new Set(bound.flatMap(({ origins }) => origins))].join(', ')}, not to ${origin}.`
      : ''
  const command = ['sluice credential set', upstream.slug, quote(lacking(security, upstream, origin))].join(' ')
  return new CallFailure(
    'needs-authorization',
    `The API wants ${wanted.join(', or ')}, and no credential is stored for it.${elsewhere} Nothing was sent. Set it with: ${command}`,
  )
}

/** The scheme to set first: of a requirement that a credential can meet, if there is one. */
function lacking(security: readonly SecurityRequirement[], upstream: CatalogUpstream, origin: string): string {
  const isSupported = (name: string) => (upstream.securitySchemes[name]?.type ?? 'unsupported') !== 'unsupported'
  const requirement = security.find((one) => Object.keys(one).every(isSupported)) ?? security[0]!
  const stored = upstream.credentials.filter(({ origins }) => origins.includes(origin)).map(({ scheme }) => scheme)
  return Object.keys(requirement).find((name) => !stored.includes(name))!
}

/** A name comes from a document, and the line is made to be pasted into a shell. */
function quote(name: string): string {
  return /^[A-Za-z0-9_.-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`
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

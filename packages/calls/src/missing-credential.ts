import { CallFailure, type CatalogUpstream, canPresent, type SecurityRequirement } from '@sluice/contract'

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
  return new CallFailure(
    'needs-authorization',
    `The API wants ${wanted.join(', or ')}, and no credential is stored for it.${elsewhere} Nothing was sent. ${wayToSet(security, upstream, origin)}`,
  )
}

/** The command that sets the first scheme which is lacking, of a requirement that credentials can meet, if there is one. */
function wayToSet(security: readonly SecurityRequirement[], upstream: CatalogUpstream, origin: string): string {
  const { slug, securitySchemes } = upstream
  const command = `sluice credential set ${slug}`
  const isMetBy = (fits: (name: string) => boolean) => security.find((one) => Object.keys(one).every(fits))
  const declared = isMetBy((name) => Object.hasOwn(securitySchemes, name) && !isBeyond(name, upstream))
  if (declared) return `Set it with: ${command} ${quote(lacking(declared, upstream, origin))}`
  const own = isMetBy((name) => !isBeyond(name, upstream))
  if (own) return `Set it with: ${command} ${quote(lacking(own, upstream, origin))} --place headers`
  return `Sluice cannot present it; set custom headers under another name with: ${command} extra --place headers`
}

/** Whether a document declares a scheme that no credential can be of: what is placed with every call stands in for it. */
export function isBeyond(name: string, { securitySchemes }: Pick<CatalogUpstream, 'securitySchemes'>): boolean {
  return Object.hasOwn(securitySchemes, name) && !canPresent(securitySchemes[name]!)
}

function lacking(requirement: SecurityRequirement, upstream: CatalogUpstream, origin: string): string {
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

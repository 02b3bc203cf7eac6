import { partsIn } from '@sluice/calls'
import {
  type BundleUpstream,
  type ImportCommit,
  type ImportCredential,
  isCookieValue,
  isReservedHeader,
  Problem,
  type SecurityScheme,
  type SetCredential,
} from '@sluice/contract'
import { pointerTo } from '@sluice/openapi'
import type { SharedCredential } from '@sluice/store'
import { plainOrigins } from '../plain-origins.ts'

/**
 * Finds the security scheme that a credential given with an import is meant for, and brings it into the form that is sealed:
 * the key or token, or `user:password` for basic.
 * @throws Problem `credential-mismatch`
 */
export function chooseCredential(
  given: ImportCredential | undefined,
  schemes: Readonly<Record<string, SecurityScheme>>,
  baseUrl: string,
): ImportCommit['credential'] {
  if (!given) return undefined
  const isPair = given.username !== undefined || given.password !== undefined
  if (isPair === (given.value !== undefined))
    throw mismatch('A credential has either a value, or a username and a password.', '/credential')
  const fitting = Object.entries(schemes).filter(([, scheme]) => takes(scheme, isPair))
  const scheme =
    given.scheme ??
    onlyOne(
      fitting.map(([name]) => name),
      Object.keys(schemes),
      isPair,
    )
  if (!fitting.some(([name]) => name === scheme))
    throw mismatch(noSuchScheme(scheme, schemes, isPair), '/credential/scheme')
  const secret = given.value ?? pairOf(given)
  refuseControls([secret], '/credential')
  refuseTwoCookies(schemes[scheme]!, secret, '/credential/value')
  return { scheme, secret, origins: [new URL(baseUrl).origin] }
}

/**
 * Brings a credential that is set by name into the form that is sealed: the key or token, `user:password` for basic, a JSON
 * object for custom headers.
 * @throws Problem `credential-mismatch`
 */
export function sealableCredential(
  { value, username, password, headers, placement, origins }: SetCredential,
  scheme: string,
  upstream: PlacedAt,
): SharedCredential {
  const given = [value, username ?? password, headers].filter((form) => form !== undefined)
  if (given.length !== 1)
    throw mismatch(
      'A credential has either a value, or a username and a password, or headers, or an oauth client.',
      '',
      'Keep one of the four.',
    )
  refuseReserved(headers)
  const { about, isOwn } = settlePlace(scheme, placement, upstream, headers && { type: 'headers' })
  const isPair = username !== undefined || password !== undefined
  if ((about.type === 'headers') !== (headers !== undefined) || (!headers && !takes(about, isPair)))
    throw doesNotTake(scheme, about, headers ? '/headers' : isPair ? '/username' : '/value')
  const secret = headers ? JSON.stringify(headers) : (value ?? pairOf({ username, password }))
  for (const [name, text] of Object.entries(headers ?? {})) refuseControls([text], pointerTo('/headers', name))
  refuseControls([value ?? ''], '/value')
  refuseTwoCookies(about, value ?? '', '/value')
  refuseControls([username ?? ''], '/username')
  refuseControls([password ?? ''], '/password')
  return {
    scheme,
    secret,
    origins: originsOf(origins, upstream.baseUrl),
    ...(isOwn ? { placement: about } : {}),
    ...partsOf(headers ?? {}),
  }
}

/** What of an upstream says where a secret may go. */
interface PlacedAt {
  readonly baseUrl: string
  readonly securitySchemes: Readonly<Record<string, unknown>>
}

/**
 * A credential of which only the secret is missing, as a bundle names it: where it may go is checked as where it is set.
 * @throws Problem `credential-mismatch`
 */
export function unsetCredential(
  { origins, placement, secrets = [] }: NamedCredential,
  scheme: string,
  upstream: PlacedAt,
): SharedCredential {
  const { about, isOwn } = settlePlace(scheme, placement, upstream)
  if (about.type !== 'headers' && !takes(about, true) && !takes(about, false))
    throw doesNotTake(scheme, about, '/value')
  if (about.type !== 'headers' && secrets.length > 0)
    throw mismatch(`"${scheme}" is no custom headers, which alone hold named secrets.`, '/secrets', 'Leave them out.')
  return {
    scheme,
    secret: '',
    origins: originsOf(origins, upstream.baseUrl),
    ...(isOwn ? { placement: about } : {}),
    parts: secrets,
  }
}

export type NamedCredential = NonNullable<BundleUpstream['credentials']>[string]

/** Where a scheme's secret goes: as the document declares it, or for one of one's own as `placement` says. */
function settlePlace(
  scheme: string,
  placement: SetCredential['placement'],
  { securitySchemes }: PlacedAt,
  unsaid?: SecurityScheme,
): { readonly about: SecurityScheme; readonly isOwn: boolean } {
  const declared = securitySchemes as Readonly<Record<string, SecurityScheme>>
  const isOwn = !Object.hasOwn(declared, scheme)
  if (placement && !isOwn)
    throw mismatch(`The document declares "${scheme}" itself: leave \`placement\` out.`, '/placement')
  refuseReserved(undefined, placement)
  const about = isOwn ? (placement ?? unsaid) : declared[scheme]
  if (about) return { about, isOwn }
  const names = Object.keys(declared).join(', ') || 'none'
  const detail = `The document has no security scheme "${scheme}"; it has ${names}. Say with \`placement\` where the secret goes.`
  throw mismatch(detail, '/placement')
}

/** Who may see a secret: by default the origin of the base URL. */
export function originsOf(origins: SetCredential['origins'], baseUrl: string): readonly string[] {
  return origins ? plainOrigins(origins, 'credential-mismatch') : [new URL(baseUrl).origin]
}

/** The secrets that custom headers name as `${name}`. */
function partsOf(headers: NonNullable<SetCredential['headers']>): Pick<SharedCredential, 'parts'> {
  const named = Object.values(headers).flatMap(partsIn)
  return named.length > 0 ? { parts: [...new Set(named)] } : {}
}

/** What a scheme is, and what is given for it. */
function doesNotTake(name: string, scheme: SecurityScheme, pointer: string): Problem {
  const [is, wants] = wantsOf(scheme)
  const detail = `"${name}" is ${is}: it does not take ${pointer.slice(1)}.`
  return new Problem('credential-mismatch', { detail, errors: [{ pointer, detail, fix: wants }] })
}

function wantsOf(scheme: SecurityScheme): [is: string, fix: string] {
  const value = 'Give {"value": "…"}.'
  switch (scheme.type) {
    case 'apiKey':
      return [`an API key in the ${scheme.in} "${scheme.name}"`, value]
    case 'http':
      if (scheme.scheme === 'basic') return ['HTTP basic', 'Give {"username": "…", "password": "…"}.']
      if (scheme.scheme === 'bearer') return ['an HTTP bearer token', value]
      return [`HTTP ${scheme.scheme}`, 'Sluice cannot present it: set custom headers under another name.']
    case 'headers':
      return ['custom headers', 'Give {"headers": {"X-Name": "…"}}.']
    case 'oauth2':
    case 'openIdConnect':
      return ['an OAuth access token', value]
    default:
      return ['of a kind that Sluice cannot present', 'Set custom headers under another name.']
  }
}

/** RFC 7617 2 */
function pairOf({ username = '', password = '' }: Pick<SetCredential, 'username' | 'password'>): string {
  return `${username}:${password}`
}

/** RFC 9110 5.5: it will stand in a header, a URL or a cookie. */
export function refuseControls(texts: readonly string[], pointer: string): void {
  if (texts.some((text) => /[\u0000-\u001F\u007F]/.test(text)))
    throw mismatch('A credential may not hold line breaks or control characters.', pointer, 'Remove them.')
}

/** RFC 6265 4.1.1: it would end where the character stands, and begin another. */
function refuseTwoCookies(scheme: SecurityScheme, value: string, pointer: string): void {
  if (scheme.type !== 'apiKey' || scheme.in !== 'cookie' || isCookieValue(value)) return
  throw mismatch(
    `It becomes the cookie "${scheme.name}", which cannot hold spaces, quotes, commas, semicolons, backslashes or others than ASCII.`,
    pointer,
    'Give the value as the API set it, without the name of the cookie and its attributes; percent-encode it if the API decodes it.',
  )
}

/** What the connection sets itself would be sent twice, or would lie: each call would fail, and the API would be blamed (S16). */
function refuseReserved(headers: SetCredential['headers'], placement?: SetCredential['placement']): void {
  const named = Object.keys(headers ?? {}).map((name) => ({ name, pointer: pointerTo('/headers', name) }))
  const isHeader = placement?.type === 'apiKey' && placement.in === 'header'
  const placed = isHeader ? [{ name: placement.name, pointer: '/placement/name' }] : []
  const errors = [...named, ...placed]
    .filter(({ name }) => isReservedHeader(name))
    .map(({ name, pointer }) => ({
      pointer,
      detail: `${name} is a header that Sluice and its connection set themselves: no credential can be one.`,
      fix:
        name.toLowerCase() === 'cookie'
          ? 'Give the value with the placement {"type": "apiKey", "in": "cookie", "name": "…"}.'
          : 'Leave it out, or name a header of the API’s own.',
    }))
  if (errors.length > 0) throw new Problem('credential-mismatch', { detail: errors[0]!.detail, errors })
}

function takes(scheme: SecurityScheme, isPair: boolean): boolean {
  if (scheme.type === 'http') return isPair ? scheme.scheme === 'basic' : scheme.scheme === 'bearer'
  return !isPair && (scheme.type === 'apiKey' || scheme.type === 'oauth2' || scheme.type === 'openIdConnect')
}

function onlyOne(fitting: readonly string[], all: readonly string[], isPair: boolean): string {
  if (fitting.length === 1) return fitting[0]!
  const kind = isPair ? 'a user name and password' : 'a key or token'
  if (fitting.length === 0)
    throw mismatch(
      `No security scheme of the document takes ${kind}; it has ${all.join(', ') || 'none'}.`,
      '/credential',
    )
  throw mismatch(
    `Several security schemes take ${kind}: name one of ${fitting.join(', ')} as \`scheme\`.`,
    '/credential/scheme',
  )
}

function noSuchScheme(name: string, schemes: Readonly<Record<string, SecurityScheme>>, isPair: boolean): string {
  const names = Object.keys(schemes).join(', ') || 'none'
  if (!Object.hasOwn(schemes, name)) return `The document has no security scheme "${name}"; it has ${names}.`
  return `The security scheme "${name}" does not take ${isPair ? 'a user name and password' : 'a key or token'}.`
}

export function mismatch(detail: string, pointer: string, fix?: string): Problem {
  return new Problem('credential-mismatch', { detail, errors: [{ pointer, detail, ...(fix ? { fix } : {}) }] })
}

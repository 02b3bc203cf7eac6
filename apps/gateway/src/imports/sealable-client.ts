import type { SecurityScheme, Send, SetCredential, TokenSecret } from '@sluice/contract'
import type { SharedCredential } from '@sluice/store'
import { mismatch, type NamedCredential, originsOf, refuseControls } from './choose-credential.ts'
import { fetchSpec } from './fetch-spec.ts'

interface About {
  readonly baseUrl: string
  readonly allow: readonly string[]
  readonly securitySchemes: Readonly<Record<string, unknown>>
}

/**
 * Brings an OAuth client that is set for a scheme into the form that is sealed. Where its tokens come from is settled now, by
 * what is given, by the document, or by its OpenID provider: a later document cannot send the client's secret elsewhere (S42).
 * @throws Problem `credential-mismatch`, or as `fetchSpec` does
 */
export async function sealableClient(
  { value, username, password, headers, oauth, placement, origins }: SetCredential,
  name: string,
  upstream: About,
  send: Send,
): Promise<SharedCredential> {
  const client = oauth!
  if ([value, username, password, headers].some((form) => form !== undefined))
    throw mismatch('A credential has either `oauth`, or another form.', '/oauth', 'Keep one of them.')
  if (client.grant === 'refresh_token' && !client.refreshToken)
    throw mismatch('This grant needs the refresh token itself.', '/oauth/refreshToken', 'Paste it as `refreshToken`.')
  if (client.grant === 'client_credentials' && (!client.clientSecret || client.refreshToken))
    throw mismatch(
      'This grant takes a client secret, and no refresh token.',
      '/oauth/clientSecret',
      'Give `clientSecret`, or take the grant `refresh_token`.',
    )
  refuseControls([client.clientId, client.clientSecret ?? '', client.refreshToken ?? ''], '/oauth')
  const { declared, ...placed } = settleBearer(name, placement, upstream, '/oauth')
  const { clientSecret, refreshToken } = client
  const secret: TokenSecret = { ...(clientSecret ? { clientSecret } : {}), ...(refreshToken ? { refreshToken } : {}) }
  return {
    scheme: name,
    secret: JSON.stringify(secret),
    origins: originsOf(origins, upstream.baseUrl),
    ...placed,
    tokenGrant: {
      grant: client.grant,
      tokenUrl: checked(
        '/oauth/tokenUrl',
        client.tokenUrl ?? (await tokenUrlOf(declared, client.grant, upstream, send)),
      ),
      clientId: client.clientId,
      clientAuth: client.clientAuth ?? 'basic',
      scopes: client.scopes ?? [],
      parameters: client.parameters ?? {},
    },
  }
}

/**
 * An OAuth client of which only the secret is missing, as a bundle names it: checked as where it is set.
 * @throws Problem `credential-mismatch`
 */
export function unsetClient(
  { origins, placement, grant, secrets = [] }: NamedCredential,
  name: string,
  upstream: Pick<About, 'baseUrl' | 'securitySchemes'>,
): SharedCredential {
  const client = grant!
  if (secrets.length > 0) throw mismatch('An OAuth client holds no named secrets.', '/secrets', 'Leave `secrets` out.')
  refuseControls([client.clientId], '/grant')
  const { declared: _declared, ...placed } = settleBearer(name, placement, upstream, '/grant')
  return {
    scheme: name,
    secret: '',
    origins: originsOf(origins, upstream.baseUrl),
    ...placed,
    tokenGrant: { ...client, tokenUrl: checked('/grant/tokenUrl', client.tokenUrl) },
  }
}

/** An access token goes where a bearer token does: as the document declares it, or for a scheme of one's own. */
function settleBearer(
  name: string,
  placement: SetCredential['placement'],
  { securitySchemes }: Pick<About, 'securitySchemes'>,
  pointer: string,
): { readonly declared: SecurityScheme | undefined; readonly placement?: SecurityScheme } {
  const isOwn = !Object.hasOwn(securitySchemes, name)
  if (placement && (!isOwn || placement.type !== 'http' || placement.scheme !== 'bearer'))
    throw mismatch('An access token is placed as a bearer token.', '/placement', 'Leave `placement` out.')
  if (isOwn) return { declared: undefined, placement: { type: 'http', scheme: 'bearer' } }
  const declared = securitySchemes[name] as SecurityScheme
  if (takesToken(declared)) return { declared }
  const fix = 'Set it for a scheme of OAuth, OpenID or bearer tokens.'
  throw mismatch(`"${name}" takes no access token.`, pointer, fix)
}

function takesToken(scheme: SecurityScheme): boolean {
  return (
    scheme.type === 'oauth2' ||
    scheme.type === 'openIdConnect' ||
    (scheme.type === 'http' && scheme.scheme === 'bearer')
  )
}

async function tokenUrlOf(
  declared: SecurityScheme | undefined,
  grant: string,
  { allow, baseUrl }: About,
  send: Send,
): Promise<string> {
  if (declared?.type === 'openIdConnect') return discovered(declared.url, allow, send)
  if (declared?.type === 'oauth2') {
    const own = grant === 'client_credentials' ? ['clientCredentials'] : ['authorizationCode', 'password']
    const flows = declared.flows as Record<string, { tokenUrl?: unknown; refreshUrl?: unknown } | undefined>
    const flow = own.map((kind) => flows[kind]).find((one) => one !== undefined)
    const url = (grant === 'refresh_token' && flow?.refreshUrl) || flow?.tokenUrl
    // A relative one is relative to where the API lies (OpenAPI 3.1, 4.8.30).
    if (typeof url === 'string' && URL.canParse(url, baseUrl)) return new URL(url, baseUrl).href
  }
  throw mismatch('The document does not say where tokens come from.', '/oauth/tokenUrl', 'Give it as `tokenUrl`.')
}

/** OpenID Connect Discovery 1.0, 4: fetched through the guarded door (B148). */
async function discovered(url: string, allow: readonly string[], send: Send): Promise<string> {
  const text = new TextDecoder().decode(await fetchSpec(url, allow, send))
  try {
    const { token_endpoint: found } = JSON.parse(text) as { token_endpoint?: unknown }
    if (typeof found === 'string') return found
  } catch {}
  throw mismatch(`${url} names no token endpoint.`, '/oauth/tokenUrl', 'Give it as `tokenUrl`.')
}

function checked(pointer: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash
  if (isPlain) return url.href
  throw mismatch(`"${text}" is no URL that tokens can come from.`, pointer, 'Give an http or https URL.')
}

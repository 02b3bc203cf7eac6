import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import Provider, { type KoaContextWithOIDC } from 'oidc-provider'
import { onLoopback } from './on-loopback.ts'

/** A real issuer of JWT access tokens (oidc-provider), where people log in and clients register themselves. */
export interface Login {
  readonly url: string
  readonly host: string
  /** The paths that were asked for, in order. */
  readonly asked: string[]
  /** Whoever uses the browser now. */
  person: string
  /** What that person agrees to, of what is asked. */
  agreesTo: readonly string[]
  /** A browser that follows where it is sent, up to the client's own redirect URI; answers what it brings along. */
  browse(url: URL): Promise<URLSearchParams>
  close(): Promise<void>
}

export const REDIRECT_URI = 'http://127.0.0.1:1/back'

export async function startLogin(scopes: readonly string[], seconds = 600): Promise<Login> {
  const server = createServer()
  const { url, close } = await onLoopback(server)
  const login: Login = {
    url,
    host: new URL(url).host,
    asked: [],
    person: 'ada',
    agreesTo: scopes,
    browse,
    close,
  }
  const provider = providerOf(login, scopes, seconds)
  const answer = provider.callback()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url!, url)
    login.asked.push(pathname)
    if (!pathname.startsWith('/interaction/')) return answer(request, response)
    // The page where a person would type a password.
    void provider.interactionFinished(request, response, { login: { accountId: login.person } })
  })
  return login
}

function providerOf(login: Login, scopes: readonly string[], seconds: number): Provider {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'first', use: 'sig', alg: 'RS256' }
  const provider: Provider = new Provider(login.url, {
    jwks: { keys: [jwk] },
    scopes: ['openid', 'offline_access', ...scopes],
    findAccount: (_context, accountId) => ({ accountId, claims: async () => ({ sub: accountId }) }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    ttl: { AccessToken: seconds, Grant: 3600, Interaction: 60, Session: 60 },
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        // RFC 8707: the token is for the server that the client named, and for no other.
        getResourceServerInfo: (_context, resource) => ({
          scope: scopes.join(' '),
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: seconds,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    loadExistingGrant: (context) => agreed(provider, context, login),
  })
  return provider
}

/** The page where a person would tick what a client may do. */
async function agreed(provider: Provider, { oidc }: KoaContextWithOIDC, { agreesTo }: Login) {
  const grant = new provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! })
  const asked = String(oidc.params?.scope ?? '').split(' ')
  const given = asked.filter((scope) => agreesTo.includes(scope)).join(' ')
  const kept = asked.filter((scope) => !agreesTo.includes(scope)).join(' ')
  const resource = String(oidc.params?.resource)
  grant.addOIDCScope(given)
  grant.rejectOIDCScope(kept)
  grant.addResourceScope(resource, given)
  grant.rejectResourceScope(resource, kept)
  await grant.save()
  return grant
}

async function browse(start: URL): Promise<URLSearchParams> {
  const cookies = new Map<string, string>()
  let url = start
  for (let hop = 0; hop < 10; hop++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      cookies.set(name!, value!)
    }
    const location = response.headers.get('location')
    if (!location) throw new Error(`the login answered ${response.status}: ${await response.text()}`)
    url = new URL(location, url)
    if (url.href.startsWith(REDIRECT_URI)) return url.searchParams
  }
  throw new Error('the login leads nowhere')
}

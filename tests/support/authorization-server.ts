import { createServer } from 'node:http'
import Provider from 'oidc-provider'
import { onLoopback } from './on-loopback.ts'

/** A real authorization server (oidc-provider) on loopback, with one client of each kind. */
export interface AuthorizationServer {
  readonly url: string
  /** What its token endpoint was asked for, in order. */
  readonly grants: string[]
  /** Whether an access token of it is good now. */
  knows(token: string): Promise<boolean>
  /** A refresh token as a person would paste it: of a grant that an account gave. */
  refreshToken(): Promise<string>
  close(): Promise<void>
}

export const CLIENT = { clientId: 'sluice', clientSecret: 'client secret & more' } as const

export async function startAuthorizationServer(accessTokenSeconds: number): Promise<AuthorizationServer> {
  const server = createServer()
  const { url, close } = await onLoopback(server)
  const provider = new Provider(url, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        grant_types: ['client_credentials', 'refresh_token', 'authorization_code'],
        redirect_uris: ['https://sluice.test/back'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    scopes: ['openid', 'offline_access', 'orders:read'],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    ttl: { ClientCredentials: accessTokenSeconds, AccessToken: accessTokenSeconds, Grant: 3600, RefreshToken: 3600 },
    rotateRefreshToken: true,
    findAccount: (_context, accountId) => ({ accountId, claims: async () => ({ sub: accountId }) }),
  })
  const grants: string[] = []
  provider.on('grant.success', ({ oidc }) => grants.push(String(oidc.params?.grant_type)))
  server.on('request', provider.callback())
  return {
    url,
    grants,
    knows: async (token) =>
      Boolean((await provider.ClientCredentials.find(token)) ?? (await provider.AccessToken.find(token))),
    refreshToken: async () => {
      const client = (await provider.Client.find(CLIENT.clientId))!
      const grant = new provider.Grant({ clientId: CLIENT.clientId, accountId: 'ada' })
      grant.addOIDCScope('openid offline_access orders:read')
      const grantId = await grant.save()
      const about = {
        client,
        accountId: 'ada',
        grantId,
        scope: 'openid offline_access orders:read',
        gty: 'authorization_code',
      }
      return new provider.RefreshToken(about as never).save()
    },
    close,
  }
}

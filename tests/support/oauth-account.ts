import type {
  OAuthClientInformationMixed,
  OAuthClientProvider,
  OAuthDiscoveryState,
  OAuthTokens,
} from '@modelcontextprotocol/client'
import { type Login, REDIRECT_URI } from './login.ts'

/** What a client keeps for a person who logs in. */
export interface OAuthAccount {
  /** For the official client, which then finds its own way. */
  readonly provider: OAuthClientProvider
  /** What the browser brought back. */
  readonly back: () => URLSearchParams
  readonly accessToken: () => string
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  readonly claims: () => any
}

export function accountOf(login: Login): OAuthAccount {
  let client: OAuthClientInformationMixed | undefined
  let tokens: OAuthTokens | undefined
  let discovered: OAuthDiscoveryState | undefined
  let verifier = ''
  let back = new URLSearchParams()
  const provider: OAuthClientProvider = {
    redirectUrl: REDIRECT_URI,
    clientMetadata: {
      client_name: 'journey',
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: 'none',
      application_type: 'web',
    },
    clientInformation: () => client,
    saveClientInformation: (information) => {
      client = information
    },
    tokens: () => tokens,
    saveTokens: (got) => {
      tokens = got
    },
    discoveryState: () => discovered,
    saveDiscoveryState: (state) => {
      discovered = state
    },
    redirectToAuthorization: async (to) => {
      back = await login.browse(to)
    },
    saveCodeVerifier: (text) => {
      verifier = text
    },
    codeVerifier: () => verifier,
  }
  const accessToken = () => tokens!.access_token
  const claims = () => JSON.parse(Buffer.from(accessToken().split('.')[1]!, 'base64url').toString())
  return { provider, back: () => back, accessToken, claims }
}

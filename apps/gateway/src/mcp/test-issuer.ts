import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Observation } from '@sluice/contract'
import { createEgress } from '@sluice/egress'
import type { DirectoryIssuer } from '@sluice/store'
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT, type SignOptions } from 'jose'
import { onTestFinished } from 'vitest'
import { createAccessTokens } from './access-tokens.ts'
import type { KnownIssuer } from './authenticate.ts'
import { fetchIssuerKeys } from './fetch-issuer-keys.ts'
import { readRule } from './grant-of.ts'
import { createIssuerKeys } from './issuer-keys.ts'

type Key = Awaited<ReturnType<typeof newKey>>

/** A real issuer on loopback: its metadata, its keys, and whatever a test makes of them. */
export interface TestIssuer {
  readonly url: string
  /** Paths that were asked for, in order. */
  readonly asked: string[]
  /** The keys it shows; the first signs. */
  keys: Key[]
  /** Answers in its place; false: it answers itself. */
  answer: (request: IncomingMessage, response: ServerResponse) => boolean
  sign(claims?: JWTPayload, header?: Partial<JWTHeaderParameters>, key?: Key, options?: SignOptions): Promise<string>
  close(): Promise<void>
}

export const AUDIENCE = 'http://sluice.test/mcp/shop'

export async function testIssuer(): Promise<TestIssuer> {
  const server = createServer((request, response) => {
    issuer.asked.push(request.url!)
    if (issuer.answer(request, response)) return
    const found = documentAt(request.url!, issuer)
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer: TestIssuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/realms/shop`,
    asked: [],
    keys: [await newKey('one')],
    answer: () => false,
    sign: (claims = {}, header = {}, key = issuer.keys[0]!, options = {}) => {
      const seconds = Math.floor(Date.now() / 1000)
      const about = { iss: issuer.url, aud: AUDIENCE, sub: 'ada', iat: seconds, exp: seconds + 600 }
      return new SignJWT({ ...about, ...claims })
        .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
        .sign(key.privateKey, options)
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  onTestFinished(async () => void (server.listening && (await issuer.close())))
  return issuer
}

function documentAt(path: string, { url, keys }: TestIssuer): object | undefined {
  if (path === '/realms/shop/.well-known/openid-configuration') return { issuer: url, jwks_uri: `${url}/certs` }
  if (path === '/realms/shop/certs') return { keys: keys.map(({ jwk }) => jwk) }
  return undefined
}

export async function newKey(kid: string | undefined, alg = 'ES256') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const named = kid === undefined ? {} : { kid }
  return { ...named, alg, publicKey, privateKey, jwk: { ...(await exportJWK(publicKey)), ...named, alg, use: 'sig' } }
}

/** As the directory would know it. */
export function knownIssuer(issuer: Pick<TestIssuer, 'url'>, change: Partial<DirectoryIssuer> = {}): KnownIssuer {
  const { host } = new URL(issuer.url)
  const known = {
    workspaceId: 'w',
    id: 'iss_1',
    name: 'Login',
    issuer: issuer.url,
    jwksUri: null,
    audiences: [],
    algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'] as DirectoryIssuer['algorithms'],
    rules: [] as DirectoryIssuer['rules'],
    allow: [host],
    serverIds: ['s'],
    ...change,
  }
  return { ...known, rules: known.rules.map(readRule), fingerprint: JSON.stringify(known) }
}

/** Access tokens as a gateway verifies them, by a clock that a test may put forward. */
export function verifying() {
  const egress = createEgress({ allow: [], allowSetting: 'EGRESS_ALLOW' })
  onTestFinished(() => egress.close())
  const observed: Observation[] = []
  const clock = { ahead: 0 }
  const now = () => Date.now() + clock.ahead
  const keys = createIssuerKeys({
    fetchKeys: (source) => fetchIssuerKeys(source, egress.send),
    observe: (observation) => void observed.push(observation),
    now,
  })
  return { ...createAccessTokens(keys, now), clock, observed }
}

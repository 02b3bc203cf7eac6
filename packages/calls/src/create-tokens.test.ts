import {
  CallFailure,
  type CatalogCredential,
  type HttpRequest,
  type SealedSecret,
  type SendLimits,
  type TokenGrant,
  type TokenSecret,
} from '@sluice/contract'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createTokens, type RenewSecret } from './create-tokens.ts'

const GRANT: TokenGrant = {
  grant: 'client_credentials',
  tokenUrl: 'https://login.test/token',
  clientId: 'id:1',
  clientAuth: 'basic',
  scopes: [],
  parameters: { audience: 'https://api.test' },
}

const sealed = (secret: TokenSecret): SealedSecret => ({
  keyId: 'k',
  workspaceId: 'w',
  secretId: 's',
  sealed: JSON.stringify(secret),
})

/** An authorization server that answers what it is told to, and one stored secret. */
function setting(grant: Partial<TokenGrant> = {}, secret: TokenSecret = { clientSecret: 'a b&c-secret' }) {
  const asked: HttpRequest[] = []
  const limits: SendLimits[] = []
  const answers: Array<{ status?: number; body: unknown }> = []
  const store = { stored: sealed(secret), writes: 0 }
  let count = 0
  const renewSecret: RenewSecret = async (_sealed, renew) => {
    const next = await renew(store.stored)
    if (!next) return
    store.stored = sealed(next)
    store.writes++
  }
  const send = async (request: HttpRequest, given?: SendLimits) => {
    asked.push(request)
    if (given) limits.push(given)
    const { status = 200, body } = answers.shift() ?? { body: { access_token: `token-${++count}`, expires_in: 3600 } }
    return { status, headers: [], body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) }
  }
  const deps = { send, openSecret: (one: SealedSecret) => one.sealed, renewSecret }
  const credential: CatalogCredential = {
    id: 'c',
    scheme: 'oauth',
    origins: ['https://api.test'],
    secret: store.stored,
    grant: { ...GRANT, ...grant },
  }
  const wanted = { name: '"oauth" of the upstream "shop"', credential, scopes: ['b', 'a'], allow: [] }
  const tokens = createTokens(deps)
  const get = (more: object = {}, signal?: AbortSignal) =>
    tokens.get({ ...wanted, ...more }, { deadline: Date.now() + 10_000, ...(signal ? { signal } : {}) })
  return { asked, limits, answers, store, tokens, get, credential, deps }
}

const sent = (request: HttpRequest | undefined) => Object.fromEntries(new URLSearchParams(request!.body as string))
const headerOf = (request: HttpRequest | undefined, name: string) => request!.headers.find(([key]) => key === name)?.[1]

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

describe('B147 an OAuth client gets its access tokens', () => {
  test('by its credentials, encoded as RFC 6749 2.3.1 has it, with the scopes of the operation', async () => {
    const { asked, get } = setting()
    expect(await get()).toBe('token-1')
    expect(asked[0]).toMatchObject({ method: 'POST', url: 'https://login.test/token' })
    expect(headerOf(asked[0], 'authorization')).toBe(`Basic ${btoa('id%3A1:a+b%26c-secret')}`)
    expect(sent(asked[0])).toEqual({ grant_type: 'client_credentials', audience: 'https://api.test', scope: 'a b' })
  })

  test('or by the body, with the scopes that were set', async () => {
    const { asked, get } = setting({ clientAuth: 'post', scopes: ['read'], parameters: {} })
    await get()
    expect(headerOf(asked[0], 'authorization')).toBeUndefined()
    expect(sent(asked[0])).toEqual({
      grant_type: 'client_credentials',
      scope: 'read',
      client_id: 'id:1',
      client_secret: 'a b&c-secret',
    })
  })

  test('keeps one until shortly before its end', async () => {
    const { asked, get } = setting()
    await get()
    vi.advanceTimersByTime(3_530_000)
    expect(await get()).toBe('token-1')
    vi.advanceTimersByTime(20_000)
    expect(await get()).toBe('token-2')
    expect(asked).toHaveLength(2)
  })

  test('B155 other scopes, another secret and another credential are other tokens', async () => {
    const { get, credential } = setting()
    expect(await get()).toBe('token-1')
    expect(await get({ scopes: ['a', 'b'] })).toBe('token-1')
    expect(await get({ scopes: ['a'] })).toBe('token-2')
    expect(await get({ credential: { ...credential, secret: sealed({ clientSecret: 'other' }) } })).toBe('token-3')
    expect(await get({ credential: { ...credential, id: 'd' } })).toBe('token-4')
  })

  test.each<[string, unknown, number]>([
    ['no life', { access_token: 't' }, 540],
    ['a short life', { access_token: 't', expires_in: 10 }, 9],
    ['a life in a text', { access_token: 't', expires_in: '100', token_type: 'bearer' }, 90],
  ])('a token of %s', async (_name, body, seconds) => {
    const { answers, get, asked } = setting()
    answers.push({ body })
    await get()
    vi.advanceTimersByTime(seconds * 1000 - 1)
    await get()
    expect(asked).toHaveLength(1)
    vi.advanceTimersByTime(1)
    await get()
    expect(asked).toHaveLength(2)
  })
})

describe('S57 a refresh token that is good for one use', () => {
  const refresh = () => setting({ grant: 'refresh_token', parameters: {} }, { refreshToken: 'r1' })

  test('many calls at once make one exchange, and what came is stored before it is used', async () => {
    const { asked, answers, get, store } = refresh()
    answers.push({ body: { access_token: 'a1', expires_in: 100, refresh_token: 'r2' } })
    expect(await Promise.all(Array.from({ length: 50 }, () => get()))).toEqual(Array(50).fill('a1'))
    expect(asked.map(sent)).toEqual([{ grant_type: 'refresh_token', refresh_token: 'r1', client_id: 'id:1' }])
    expect(JSON.parse(store.stored.sealed)).toMatchObject({ refreshToken: 'r2', accessToken: 'a1' })
    vi.advanceTimersByTime(95_000)
    await get()
    expect(sent(asked[1]).refresh_token).toBe('r2')
  })

  test('what another gateway got is used, without an exchange', async () => {
    const { asked, get, store } = refresh()
    store.stored = sealed({ refreshToken: 'r9', accessToken: 'theirs', expiresAt: Date.now() + 50_000 })
    expect(await get()).toBe('theirs')
    expect([asked.length, store.writes]).toEqual([0, 0])
  })

  test('one that was refused is asked for once a minute, not by each call', async () => {
    const { asked, answers, get } = refresh()
    answers.push({ status: 400, body: { error: 'invalid_grant', error_description: 'r1 was used' } })
    const refused = await get().catch((error: unknown) => error as CallFailure)
    expect(refused).toMatchObject({ kind: 'needs-authorization', message: expect.stringContaining('invalid_grant') })
    expect(refused).toMatchObject({
      message: expect.stringMatching(/login\.test.*"oauth" of the upstream "shop".*set the credential again/),
    })
    await Promise.all(Array.from({ length: 20 }, () => expect(get()).rejects.toBe(refused)))
    expect(asked).toHaveLength(1)
    vi.advanceTimersByTime(60_001)
    expect(await get()).toBe('token-1')
  })

  test('the failure to store it fails the call', async () => {
    const { get, deps, credential } = refresh()
    const broken = createTokens({
      ...deps,
      renewSecret: async () => Promise.reject(new CallFailure('upstream', 'away')),
    })
    const wanted = { name: 'x', credential, scopes: [], allow: [] }
    await expect(broken.get(wanted, { deadline: Date.now() + 1000 })).rejects.toMatchObject({ message: 'away' })
    await expect(get()).resolves.toBe('token-1')
  })
})

describe('an authorization server that fails', () => {
  test.each<[string, { status?: number; body: unknown }, string, RegExp]>([
    ['an error code', { status: 401, body: { error: 'invalid_client' } }, 'needs-authorization', /invalid_client/],
    ['a fault of its own', { status: 500, body: { error: 'server_error' } }, 'upstream', /answered 500.*try again/],
    ['a page', { body: '<html>' }, 'upstream', /answered 200 and gave no token/],
    ['a token of another type', { body: { access_token: 'x', token_type: 'DPoP' } }, 'needs-authorization', /DPoP/],
    ['no token', { body: { access_token: '' } }, 'upstream', /gave no token/],
  ])('%s', async (_name, answer, kind, message) => {
    const { answers, get } = setting()
    answers.push(answer)
    await expect(get()).rejects.toMatchObject({ kind, message: expect.stringMatching(message) })
  })

  test('S58 it is asked through the guarded door, for a short answer, for a short while, and redirects are not followed', async () => {
    const { limits, get } = setting()
    await get({ allow: ['10.1.2.3'] })
    expect(limits).toEqual([
      { allow: ['10.1.2.3'], workspaceId: 'w', deadline: Date.now() + 20_000, maxBytes: 256 * 1024 },
    ])
  })

  test('S34 S39 what it echoes of the client is masked', async () => {
    const { answers, get } = setting()
    answers.push({ status: 400, body: { error: 'invalid_client', error_description: 'not a b&c-secret' } })
    const { message } = (await get().catch((error: CallFailure) => error as CallFailure)) as CallFailure
    expect(message).toContain('invalid_client: not [masked]')
  })

  test('B141 who goes away waits no longer, and the others get theirs', async () => {
    const { get, deps } = setting()
    const { promise, resolve } = Promise.withResolvers<void>()
    const send = deps.send
    deps.send = async (request) => promise.then(() => send(request))
    const leaving = new AbortController()
    const [one, other] = [get({}, leaving.signal), get()]
    leaving.abort()
    await expect(one).rejects.toMatchObject({ kind: 'cancelled' })
    resolve()
    await expect(other).resolves.toBe('token-1')
  })
})

test('B157 a token that the API refused is got anew, unless it is new itself', async () => {
  const { asked, get, tokens, credential } = setting()
  await get()
  expect(tokens.discard(credential, 'token-1')).toBe(false)
  expect(await get()).toBe('token-1')
  vi.advanceTimersByTime(11_000)
  expect(tokens.discard(credential, 'token-1')).toBe(true)
  expect(await get()).toBe('token-2')
  expect(tokens.discard(credential, 'token-1')).toBe(true)
  expect(asked).toHaveLength(2)
})

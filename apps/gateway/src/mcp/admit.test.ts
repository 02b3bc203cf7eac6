import type { Catalog, Problem } from '@sluice/contract'
import { hashKey } from '@sluice/store'
import { describe, expect, test } from 'vitest'
import { admit } from './admit.ts'
import type { KeyDirectory, KnownIssuer } from './authenticate.ts'
import { AUDIENCE, knownIssuer, testIssuer, verifying } from './test-issuer.ts'

const WHERE = 'resource_metadata="http://sluice.test/.well-known/oauth-protected-resource/mcp/shop"'
const RULES = [{ scope: 'read', rights: { readOnly: true } }, { scope: 'write' }]

/** A gateway with two servers, of which one takes access tokens of issuers. */
function gateway(...issuers: KnownIssuer[]) {
  const key = { id: 'key_1', workspaceId: 'w', name: 'Ada', expiresAt: null, serverIds: new Set(['s', 'k']) }
  const directory: { issuers: readonly KnownIssuer[] } = { issuers }
  const keys = (): KeyDirectory => ({
    keysByHash: new Map([[hashKey('slk_good'), key]]),
    issuersByServer: new Map([['s', directory.issuers]]),
  })
  const { verify } = verifying()
  const deps = {
    keys,
    serverId: (slug: string) => ({ shop: 's', keys: 'k' })[slug],
    catalog: async (id: string) => ({ server: { id } }) as unknown as Catalog,
    accessTokens: { verify },
    keyUsed: () => {},
    publicUrl: () => 'http://sluice.test',
  }
  const enter = (token?: string, slug = 'shop') =>
    admit(token === undefined ? undefined : `Bearer ${token}`, slug, deps)
  const refused = (token?: string, slug?: string) =>
    enter(token, slug).then(
      () => 'let in',
      (error: Problem & { authenticate?: string }) => [error.code, error.authenticate],
    )
  return { enter, refused, directory }
}

describe('an access token', () => {
  test('S44 lets in whom it speaks for', async () => {
    const issuer = await testIssuer()
    const { enter } = gateway(knownIssuer(issuer))
    const { caller } = await enter(await issuer.sign())
    expect(caller).toEqual({
      workspaceId: 'w',
      id: `${issuer.url} ada`,
      name: 'ada (Login)',
      subject: { issuer: issuer.url, sub: 'ada' },
    })
  })

  test('S49 access keys stay what they are, beside it', async () => {
    const { enter, refused } = gateway(knownIssuer(await testIssuer()))
    expect((await enter('slk_good')).caller).toEqual({ workspaceId: 'w', id: 'key_1', name: 'Ada' })
    expect(await refused('slk_bad', 'keys')).toEqual(['unauthorized', undefined])
    expect(await refused('slk_good', 'nowhere')).toEqual(['not-found', undefined])
  })

  test('S44 that is missing, or of nobody, is told where to get one, and the scopes', async () => {
    const issuer = await testIssuer()
    const { refused } = gateway(knownIssuer(issuer, { rules: RULES }))
    expect(await refused()).toEqual(['unauthorized', `Bearer realm="sluice", ${WHERE}, scope="read write"`])
    const invalid =
      'error="invalid_token", error_description="it is no key that is valid, and of no issuer that this server takes"'
    for (const token of ['slk_bad', 'a.b.c', await issuer.sign({ iss: 'https://other.test' })])
      expect(await refused(token)).toEqual([
        'unauthorized',
        `Bearer realm="sluice", ${invalid}, ${WHERE}, scope="read write"`,
      ])
  })

  test('of one of two issuers is verified with the keys of that one; scopes of both are told to nobody', async () => {
    const [one, other] = [await testIssuer(), await testIssuer()]
    const { enter, refused } = gateway(knownIssuer(one, { rules: RULES }), knownIssuer(other, { id: 'iss_2' }))
    expect((await enter(await other.sign())).caller.subject?.issuer).toBe(other.url)
    const forged = await one.sign({ iss: other.url })
    expect(await refused(forged)).toEqual(['unauthorized', expect.stringContaining('signature')])
    expect(await refused()).toEqual(['unauthorized', `Bearer realm="sluice", ${WHERE}`])
  })

  test('S46 for which no rule holds is told all scopes that one would need, and nothing where no scope helps', async () => {
    const issuer = await testIssuer()
    const insufficient = `Bearer realm="sluice", error="insufficient_scope", ${WHERE}`
    const { refused, directory } = gateway(knownIssuer(issuer, { rules: RULES }))
    const token = await issuer.sign({ scope: 'openid' })
    expect(await refused(token)).toEqual(['insufficient-scope', `${insufficient}, scope="read write"`])
    directory.issuers = [knownIssuer(issuer, { rules: [{ claim: { name: 'team', value: 'blue' } }] })]
    expect(await refused(token)).toEqual(['insufficient-scope', insufficient])
  })

  test('of an issuer that does not answer is not called bad', async () => {
    const issuer = await testIssuer()
    const { refused } = gateway(knownIssuer(issuer))
    const token = await issuer.sign()
    await issuer.close()
    expect(await refused(token)).toEqual(['issuer-unavailable', undefined])
  })

  test('S48 holds until its end, and as long as nothing of its issuer is changed', async () => {
    const issuer = await testIssuer()
    const known = knownIssuer(issuer)
    const { enter, directory } = gateway(known)
    const { stillHolds } = await enter(await issuer.sign())
    expect(stillHolds()).toBe(true)
    directory.issuers = [knownIssuer(issuer, { audiences: ['x'] })]
    expect(stillHolds()).toBe(false)
    directory.issuers = []
    expect(stillHolds()).toBe(false)
    directory.issuers = [known]
    // Its end has passed, and what clocks may differ nearly has.
    const ending = await enter(await issuer.sign({ aud: AUDIENCE, exp: Math.floor(Date.now() / 1000) - 8 }))
    expect(ending.stillHolds()).toBe(true)
    await expect.poll(() => ending.stillHolds(), { timeout: 5_000 }).toBe(false)
  })
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportSPKI, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, onTestFinished, test } from 'vitest'
import { claimedIssuer } from './access-tokens.ts'
import { AUDIENCE, knownIssuer, newKey, type TestIssuer, testIssuer, verifying } from './test-issuer.ts'

const seconds = () => Math.floor(Date.now() / 1000)

describe('a token is verified', () => {
  test('S44 with the keys that its issuer’s metadata leads to, and says who it speaks for', async () => {
    const issuer = await testIssuer()
    const exp = seconds() + 60
    const found = await verifying().verify(await issuer.sign({ exp }), knownIssuer(issuer), [AUDIENCE])
    expect(found).toMatchObject({ subject: { issuer: issuer.url, sub: 'ada' }, rights: undefined, offers: [] })
    expect(Math.abs(found.expiresAt - exp * 1000)).toBeLessThanOrEqual(10_000)
    expect(issuer.asked).toEqual(['/realms/shop/.well-known/openid-configuration', '/realms/shop/certs'])
  })

  test('with keys at a URL that was given, without metadata', async () => {
    const issuer = await testIssuer()
    const known = knownIssuer(issuer, { jwksUri: `${issuer.url}/certs` })
    await verifying().verify(await issuer.sign(), known, [AUDIENCE])
    expect(issuer.asked).toEqual(['/realms/shop/certs'])
  })

  test('once: the second time it is known', async () => {
    const issuer = await testIssuer()
    const { verify } = verifying()
    const token = await issuer.sign()
    const first = await verify(token, knownIssuer(issuer), [AUDIENCE])
    expect(await verify(token, knownIssuer(issuer), [AUDIENCE])).toBe(first)
    expect(await verify(await issuer.sign({ jti: '2' }), knownIssuer(issuer), [AUDIENCE])).not.toBe(first)
  })

  test.each(['RS256', 'PS256', 'EdDSA'])('%s, by a key of several that the token does not name', async (alg) => {
    const issuer = await testIssuer()
    issuer.keys = [await newKey(undefined, alg), await newKey(undefined, alg), await newKey('one')]
    const token = await issuer.sign({}, { kid: undefined as never }, issuer.keys[1])
    expect(await verifying().verify(token, knownIssuer(issuer), [AUDIENCE])).toMatchObject({ subject: { sub: 'ada' } })
    const stranger = await issuer.sign({}, { kid: undefined as never }, await newKey(undefined, alg))
    await expect(verifying().verify(stranger, knownIssuer(issuer), [AUDIENCE])).rejects.toThrow('its signature')
  })

  test('for one of several audiences', async () => {
    const issuer = await testIssuer()
    const token = await issuer.sign({ aud: ['https://elsewhere.test', 'api://sluice'] })
    const audiences = [AUDIENCE, 'api://sluice']
    expect((await verifying().verify(token, knownIssuer(issuer), audiences)).subject.sub).toBe('ada')
  })
})

describe('S44 a token is refused', () => {
  test.each<[string, RegExp, (issuer: TestIssuer) => Promise<string>]>([
    ['of another issuer', /\(iss\)/, (issuer) => issuer.sign({ iss: 'https://other.test' })],
    ['of an issuer with a slash more', /\(iss\)/, (issuer) => issuer.sign({ iss: `${issuer.url}/` })],
    ['for another server', /\(aud\)/, (issuer) => issuer.sign({ aud: 'http://sluice.test/mcp/other' })],
    ['for a client, as an ID token is', /\(aud\)/, (issuer) => issuer.sign({ aud: 'client', nonce: 'n' })],
    ['for nobody', /\(aud\)/, (issuer) => issuer.sign({ aud: undefined })],
    ['that has expired', /expired/, (issuer) => issuer.sign({ exp: seconds() - 30 })],
    ['that never expires', /\(exp\)/, (issuer) => issuer.sign({ exp: undefined })],
    ['that is not valid yet', /\(nbf\)/, (issuer) => issuer.sign({ nbf: seconds() + 60 })],
    ['of no subject', /\(sub\)/, (issuer) => issuer.sign({ sub: undefined })],
    ['of a subject that cannot be shown', /\(sub\)/, (issuer) => issuer.sign({ sub: 'a\u0000b' })],
    ['of a subject that is a number', /\(sub\)/, (issuer) => issuer.sign({ sub: 7 as never })],
    ['of an empty subject', /\(sub\)/, (issuer) => issuer.sign({ sub: '' })],
    ['that is an ID token, for whatever audience', /ID token/, (issuer) => issuer.sign({ at_hash: 'x' })],
    ['of another type', /\(typ\)/, (issuer) => issuer.sign({}, { typ: 'logout+jwt' })],
    ['that is bound to a proof', /\(cnf\)/, (issuer) => issuer.sign({ cnf: { jkt: 'x' } })],
    [
      'with an algorithm that the issuer may not use',
      /\(alg\)/,
      async (issuer) => {
        const key = await newKey('one', 'ES384')
        issuer.keys = [key]
        return issuer.sign()
      },
    ],
    [
      'signed by somebody else under its key’s name',
      /its signature/,
      async (issuer) => issuer.sign({}, {}, await newKey('one')),
    ],
    [
      'signed with a key that nobody knows',
      /no key that its issuer has/,
      async (issuer) => issuer.sign({}, {}, await newKey('unheard-of')),
    ],
    [
      'with an extension that must be understood',
      /no JWT/,
      (issuer) => issuer.sign({}, { crit: ['x'], x: 1 } as never, undefined, { crit: { x: true } }),
    ],
    [
      'whose claims were changed',
      /its signature/,
      async (issuer) => {
        const [head, body, signature] = (await issuer.sign()).split('.')
        const claims = JSON.parse(Buffer.from(body!, 'base64url').toString())
        return [head, Buffer.from(JSON.stringify({ ...claims, sub: 'eve' })).toString('base64url'), signature].join('.')
      },
    ],
    [
      'without a signature (alg none)',
      /\(alg\)/,
      async (issuer) => new UnsecuredJWT({ iss: issuer.url, aud: AUDIENCE, sub: 'eve', exp: seconds() + 60 }).encode(),
    ],
    [
      'signed with the public key as a shared secret (HS256)',
      /\(alg\)/,
      async (issuer) => {
        const key = await newKey('one', 'RS256')
        issuer.keys = [key]
        const secret = new TextEncoder().encode(await exportSPKI(key.publicKey))
        return new SignJWT({ iss: issuer.url, aud: AUDIENCE, sub: 'eve', exp: seconds() + 60 })
          .setProtectedHeader({ alg: 'HS256', kid: 'one' })
          .sign(secret)
      },
    ],
  ])('%s', async (_what, reason, make) => {
    const issuer = await testIssuer()
    const token = await make(issuer)
    await expect(verifying().verify(token, knownIssuer(issuer), [AUDIENCE])).rejects.toThrow(reason)
  })

  test.each([
    '',
    '.',
    '..',
    'a.b.c',
    'slk_abc',
    'eyJhbGciOiJFUzI1NiJ9..',
    'eyJhbGciOiJFUzI1NiJ9.bnVsbA.x',
    'e30.e30.e30',
    `${'a'.repeat(5000)}.b.c`,
  ])('that is malformed: %j', async (token) => {
    const issuer = await testIssuer()
    expect(claimedIssuer(token)).toBeUndefined()
    await expect(verifying().verify(token, knownIssuer(issuer), [AUDIENCE])).rejects.toThrow(
      expect.objectContaining({ name: 'Error', message: expect.not.stringContaining(token || 'never') }),
    )
  })

  test('and no key is taken from where it says: jwk, jku, x5u', async () => {
    const issuer = await testIssuer()
    const eve = await newKey('one')
    let hits = 0
    const site = createServer((_request, response) => {
      hits++
      response.end(JSON.stringify({ keys: [eve.jwk] }))
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void site.close())
    await new Promise((resolve) => site.once('listening', resolve))
    const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/keys`
    for (const header of [{ jwk: eve.jwk }, { jku: url }, { x5u: url }]) {
      const token = await issuer.sign({}, header as never, eve)
      await expect(verifying().verify(token, knownIssuer(issuer), [AUDIENCE])).rejects.toThrow('its signature')
    }
    expect(hits).toBe(0)
  })

  test('of a key that is too weak, or private', async () => {
    const issuer = await testIssuer()
    const { jwk } = await newKey('one', 'RS256')
    const token = await issuer.sign({}, { alg: 'ES256' })
    for (const bad of [
      { ...jwk, n: jwk.n!.slice(0, 100), alg: 'RS256' },
      { kty: 'oct', k: 'AAAA', kid: 'one' },
    ]) {
      issuer.keys = [{ ...issuer.keys[0]!, jwk: bad as never }]
      await expect(verifying().verify(token, knownIssuer(issuer), [AUDIENCE])).rejects.toThrow(/no key|cannot be/)
    }
  })

  test('once it has expired, though it was known', async () => {
    const issuer = await testIssuer()
    const { verify, clock } = verifying()
    const token = await issuer.sign({ exp: seconds() + 30 })
    await verify(token, knownIssuer(issuer), [AUDIENCE])
    clock.ahead = 41_000
    await expect(verify(token, knownIssuer(issuer), [AUDIENCE])).rejects.toThrow('expired')
  })

  test('for another server, though it is known for one', async () => {
    const issuer = await testIssuer()
    const { verify } = verifying()
    const token = await issuer.sign()
    await verify(token, knownIssuer(issuer), [AUDIENCE])
    await expect(verify(token, knownIssuer(issuer), ['http://sluice.test/mcp/other'])).rejects.toThrow('(aud)')
  })

  test('by rules that were changed, though it was known by those before', async () => {
    const issuer = await testIssuer()
    const { verify } = verifying()
    const token = await issuer.sign()
    expect((await verify(token, knownIssuer(issuer), [AUDIENCE])).rights).toBeUndefined()
    const ruled = knownIssuer(issuer, { rules: [{ scope: 'read' }] })
    expect((await verify(token, ruled, [AUDIENCE])).rights).toEqual([])
  })
})

import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { AUDIENCE, knownIssuer, newKey, type TestIssuer, testIssuer, verifying } from './test-issuer.ts'

const MINUTE = 60_000
const ofKeys = ({ asked }: TestIssuer) => asked.filter((path) => path.endsWith('/certs')).length

describe('keys of an issuer', () => {
  test('S57 are fetched once for all who wait', async () => {
    const issuer = await testIssuer()
    const { verify } = verifying()
    const tokens = await Promise.all(['a', 'b', 'c', 'd'].map((sub) => issuer.sign({ sub })))
    await Promise.all(tokens.map((token) => verify(token, knownIssuer(issuer), [AUDIENCE])))
    expect(issuer.asked).toHaveLength(2)
  })

  test('S44 rotate: a token with a new key is good at once, one with a key that is gone no more', async () => {
    const issuer = await testIssuer()
    const { verify, clock } = verifying()
    const known = knownIssuer(issuer)
    const before = await issuer.sign()
    await verify(before, known, [AUDIENCE])
    clock.ahead = MINUTE
    issuer.keys = [await newKey('two')]
    await verify(await issuer.sign(), known, [AUDIENCE])
    await expect(verify(before, known, [AUDIENCE])).rejects.toThrow('no key that its issuer has')
  })

  test('S58 that nobody knows cause one fetch in half a minute, however many ask', async () => {
    const issuer = await testIssuer()
    const { verify, clock } = verifying()
    await verify(await issuer.sign(), knownIssuer(issuer), [AUDIENCE])
    clock.ahead = MINUTE
    const spray = async () => {
      const tokens = await Promise.all([...Array(50).keys()].map((n) => issuer.sign({}, { kid: `random-${n}` })))
      const found = await Promise.allSettled(tokens.map((token) => verify(token, knownIssuer(issuer), [AUDIENCE])))
      expect(found.every(({ status }) => status === 'rejected')).toBe(true)
    }
    await spray()
    await spray()
    expect(ofKeys(issuer)).toBe(2)
    clock.ahead = 2 * MINUTE
    await spray()
    expect(ofKeys(issuer)).toBe(3)
    await verify(await issuer.sign({ sub: 'bob' }), knownIssuer(issuer), [AUDIENCE])
  })

  test('are fetched again beside the calls, which go on with those that are known', async () => {
    const issuer = await testIssuer()
    const { verify, clock } = verifying()
    const token = await issuer.sign({ exp: Date.now() / 1000 + 7200 })
    await verify(token, knownIssuer(issuer), [AUDIENCE])
    clock.ahead = 11 * MINUTE
    await verify(token, knownIssuer(issuer), [AUDIENCE])
    await expect.poll(() => ofKeys(issuer)).toBe(2)
  })

  test('are used for an hour without an answer of the issuer, and no longer', async () => {
    const issuer = await testIssuer()
    const { verify, clock, observed } = verifying()
    const known = knownIssuer(issuer)
    await verify(await issuer.sign(), known, [AUDIENCE])
    const later = (sub: string) => issuer.sign({ sub, exp: Date.now() / 1000 + 7200 })
    await issuer.close()
    clock.ahead = 59 * MINUTE
    await verify(await later('bob'), known, [AUDIENCE])
    clock.ahead = 61 * MINUTE
    await expect(verify(await later('eve'), known, [AUDIENCE])).rejects.toThrow(known.issuer)
    expect(observed[0]).toMatchObject({ kind: 'issuer.keys-failed', issuer: known.issuer })
  })

  test('that cannot be had are not asked for by each call, and again once a while has passed', async () => {
    const issuer = await testIssuer()
    const { verify, clock } = verifying()
    issuer.answer = (_request, response) => Boolean(response.writeHead(500).end())
    const token = await issuer.sign()
    for (let n = 0; n < 5; n++) await expect(verify(token, knownIssuer(issuer), [AUDIENCE])).rejects.toThrow()
    expect(issuer.asked).toHaveLength(1)
    issuer.answer = () => false
    clock.ahead = 6_000
    await verify(token, knownIssuer(issuer), [AUDIENCE])
  })
})

describe('S58 an issuer that means harm', () => {
  const json = (response: ServerResponse, value: unknown) => response.end(JSON.stringify(value))

  test.each<[string, RegExp, (issuer: TestIssuer) => TestIssuer['answer']]>([
    [
      'names the metadata of another',
      /metadata of another issuer/,
      () => (_request, response) =>
        Boolean(json(response, { issuer: 'https://other.test', jwks_uri: 'https://other.test/keys' })),
    ],
    [
      'leads to an internal address',
      /127\.0\.0\.2/,
      ({ url }) =>
        (_request, response) =>
          Boolean(json(response, { issuer: url, jwks_uri: 'https://127.0.0.2/keys' })),
    ],
    [
      'leads to a metadata address',
      /169\.254\.169\.254/,
      ({ url }) =>
        (_request, response) =>
          Boolean(json(response, { issuer: url, jwks_uri: 'https://169.254.169.254/latest' })),
    ],
    [
      'leads to plain HTTP elsewhere',
      /not https/,
      ({ url }) =>
        (_request, response) =>
          Boolean(json(response, { issuer: url, jwks_uri: 'http://public.test/keys' })),
    ],
    [
      'leads to a file',
      /no URL of http/,
      ({ url }) =>
        (_request, response) =>
          Boolean(json(response, { issuer: url, jwks_uri: 'file:///etc/passwd' })),
    ],
    [
      'redirects',
      /answered 302/,
      ({ url }) =>
        (_request, response) =>
          Boolean(response.writeHead(302, { location: `${url}/certs` }).end()),
    ],
    [
      'answers without end',
      /KB|MB|bytes|large/i,
      () => (_request, response) => {
        const more = setInterval(() => response.write('x'.repeat(100_000)), 1)
        response.on('close', () => clearInterval(more))
        return true
      },
    ],
    [
      'has keys that are none',
      /no key set/,
      () =>
        ({ url }, response) =>
          url!.endsWith('/certs') && Boolean(json(response, { keys: 'none' })),
    ],
    [
      'has keys that are no JSON',
      /JSON object/,
      () =>
        ({ url }, response) =>
          url!.endsWith('/certs') && Boolean(response.end('<html>')),
    ],
  ])('%s', async (_what, reason, answer) => {
    const issuer = await testIssuer()
    issuer.answer = answer(issuer)
    const { verify, observed } = verifying()
    await expect(verify(await issuer.sign(), knownIssuer(issuer), [AUDIENCE])).rejects.toThrow(issuer.url)
    expect(observed).toMatchObject([{ cause: { message: expect.stringMatching(reason) } }])
  })

  test('at a private address that nobody allowed is not called', async () => {
    const issuer = await testIssuer()
    const { verify, observed } = verifying()
    await expect(verify(await issuer.sign(), knownIssuer(issuer, { allow: [] }), [AUDIENCE])).rejects.toThrow()
    expect([issuer.asked, observed]).toEqual([[], [expect.objectContaining({ kind: 'issuer.keys-failed' })]])
  })

  test('is slow: nobody waits longer than five seconds for metadata and keys together', async () => {
    const issuer = await testIssuer()
    const { verify, observed } = verifying()
    issuer.answer = (_request, response) => {
      const drip = setInterval(() => response.write(' '), 200)
      response.on('close', () => clearInterval(drip))
      return true
    }
    await expect(verify(await issuer.sign(), knownIssuer(issuer), [AUDIENCE])).rejects.toThrow(issuer.url)
    expect(observed).toMatchObject([{ cause: { kind: 'timeout' } }])
  }, 20_000)

  test('metadata lies where RFC 8414 says, too', async () => {
    const issuer = await testIssuer()
    issuer.answer = ({ url }, response) =>
      url === '/.well-known/oauth-authorization-server/realms/shop'
        ? Boolean(json(response, { issuer: issuer.url, jwks_uri: `${issuer.url}/certs` }))
        : url!.includes('openid-configuration') && Boolean(response.writeHead(404).end())
    await verifying().verify(await issuer.sign(), knownIssuer(issuer), [AUDIENCE])
    expect(issuer.asked).toHaveLength(3)
  })
})

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createEgress } from './create-egress.ts'
import type { Lookup } from './guarded-lookup.ts'
import { get, testEgress, testLimits, testUpstream, text } from './test-upstream.ts'

const ok = (_: unknown, response: { end(text: string): void }) => response.end('ok')

/** A resolver that gives its answers one after the other. */
function answering(...answers: string[][]): Lookup {
  let asked = 0
  return async () =>
    answers[Math.min(asked++, answers.length - 1)]!.map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }))
}

/** The answer is there a moment before its connection can be used again. */
const backInPool = () => new Promise((resolve) => setImmediate(resolve))

test('S1 a loopback address is refused, with what could allow it, before anything is dialled', async () => {
  const upstream = await testUpstream(ok)
  const egress = testEgress({ allow: [] })
  await expect(egress.send(get(upstream.url), testLimits())).rejects.toMatchObject({
    kind: 'blocked',
    message:
      `127.0.0.1:${upstream.port} is a loopback address, which is not called. An owner can allow it for this upstream ` +
      `(\`allow: ["127.0.0.1:${upstream.port}"]\` on the import, --allow 127.0.0.1:${upstream.port} on the command line), the operator for all with EGRESS_ALLOW=127.0.0.1:${upstream.port}.`,
  })
  expect(upstream.connections()).toBe(0)
})

test('S1 B140 a name with a private address is refused, with the name and what could allow it, and without the address', async () => {
  const egress = testEgress({ lookup: answering(['10.0.0.5']) })
  await expect(egress.send(get('http://api.internal/users'), testLimits())).rejects.toMatchObject({
    kind: 'blocked',
    message:
      'api.internal resolves to a private address, which is not called. An owner can allow it for this upstream ' +
      '(`allow: ["api.internal"]` on the import, --allow api.internal on the command line), the operator for all with EGRESS_ALLOW=api.internal.',
  })
})

test.each([
  ['by the operator for all', (entry: string) => [{ allow: [entry] }, {}] as const],
  ['by an owner for the upstream', (entry: string) => [{ allow: [] }, { allow: [entry] }] as const],
])('a private host is called where it is allowed %s, as a host, an address or a range', async (_, allowed) => {
  const upstream = await testUpstream(ok)
  const lookup = answering(['127.0.0.1'])
  for (const entry of ['api.internal', `api.internal:${upstream.port}`, '127.0.0.1', '127.0.0.0/8']) {
    const [options, limits] = allowed(entry)
    const egress = testEgress({ ...options, lookup })
    const response = await egress.send(get(`http://api.internal:${upstream.port}/`), testLimits(limits))
    expect(text(response)).toBe('ok')
  }
  for (const entry of ['other.internal', 'api.internal:1', '127.0.0.2', '10.0.0.0/8']) {
    const [options, limits] = allowed(entry)
    const egress = testEgress({ ...options, lookup })
    const refused = egress.send(get(`http://api.internal:${upstream.port}/`), testLimits(limits))
    await expect(refused).rejects.toMatchObject({ kind: 'blocked' })
  }
})

test('S1 a workspace that may not allow addresses reaches the operator’s, whatever its lists say', async () => {
  const upstream = await testUpstream(ok)
  const mayAllow = (workspaceId: string | undefined) => workspaceId === 'own'
  const shut = testEgress({ allow: [], mayAllow })
  const limits = (workspaceId: string) => testLimits({ allow: ['127.0.0.1'], workspaceId })
  expect(text(await shut.send(get(upstream.url), limits('own')))).toBe('ok')
  await expect(shut.send(get(upstream.url), limits('tenant'))).rejects.toMatchObject({
    kind: 'blocked',
    message: `127.0.0.1:${upstream.port} is a loopback address, which is not called. The operator can allow it with EGRESS_ALLOW=127.0.0.1:${upstream.port}.`,
  })
  const open = testEgress({ mayAllow })
  expect(text(await open.send(get(upstream.url), limits('tenant')))).toBe('ok')
  expect(upstream.connections()).toBe(2)
})

test('S2 a metadata address is refused however it is allowed, as a literal and behind a name', async () => {
  const allow = ['0.0.0.0/0', '::/0', 'metadata.internal', '169.254.169.254', '[fd00:ec2::254]']
  const egress = testEgress({ allow, lookup: answering(['169.254.169.254']) })
  const limits = testLimits({ allow })
  await expect(egress.send(get('http://169.254.169.254/latest/meta-data'), limits)).rejects.toMatchObject({
    kind: 'blocked',
    message: '169.254.169.254 is a cloud metadata address, which is never called, whatever is allowed.',
  })
  await expect(egress.send(get('http://[fd00:ec2::254]/'), limits)).rejects.toMatchObject({
    message: '[fd00:ec2::254] is a cloud metadata address, which is never called, whatever is allowed.',
  })
  await expect(egress.send(get('http://metadata.internal/'), limits)).rejects.toMatchObject({
    message: 'metadata.internal resolves to a cloud metadata address, which is never called, whatever is allowed.',
  })
})

test.each([
  '2130706433',
  '017700000001',
  '0x7f000001',
  '127.1',
  '１２７.０.０.１',
  '127.0.0.1.',
  '[::ffff:7f00:1]',
  '[::ffff:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '0.0.0.0',
  '[::]',
  '[::1]',
])('S3 however loopback is written, it is refused: %s', async (host) => {
  const upstream = await testUpstream(ok)
  const egress = testEgress({ allow: [] })
  const refused = egress.send(get(`http://${host}:${upstream.port}/`), testLimits())
  await expect(refused).rejects.toMatchObject({ kind: 'blocked' })
  expect(upstream.connections()).toBe(0)
})

test('S4 of several addresses only those that passed are dialled', async () => {
  const good = await testUpstream(ok)
  const canary = await testUpstream(ok, { host: '127.0.0.2', port: good.port })
  const egress = testEgress({ lookup: answering(['127.0.0.2', '127.0.0.1']) })
  const response = await egress.send(get(`http://mixed.test:${good.port}/`), testLimits())
  expect(text(response)).toBe('ok')
  expect([good.connections(), canary.connections()]).toEqual([1, 0])
})

test('S4 a name with none but bad addresses is refused', async () => {
  const egress = testEgress({ lookup: answering(['fd00::1', '10.0.0.1']) })
  await expect(egress.send(get('http://mixed.test/'), testLimits())).rejects.toMatchObject({
    kind: 'blocked',
    message: expect.stringContaining('mixed.test resolves to a private address'),
  })
})

test('S5 a name that rebinds to loopback after it was vetted does not reach it', async () => {
  const good = await testUpstream((_, response) => response.writeHead(200, { connection: 'close' }).end('ok'))
  const canary = await testUpstream(ok, { host: '127.0.0.2', port: good.port })
  let asked = 0
  const rebinding: Lookup = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 }]
  const egress = testEgress({ lookup: rebinding })
  const url = `http://rebind.test:${good.port}/`
  expect(text(await egress.send(get(url), testLimits()))).toBe('ok')
  // One connection, one lookup: nothing resolves the name again between the check and the dialling.
  expect(asked).toBe(1)
  await expect(egress.send(get(url), testLimits())).rejects.toMatchObject({ kind: 'blocked' })
  expect(canary.connections()).toBe(0)
})

test('S6 a kept connection is not used once the policy no longer allows it', async () => {
  const upstream = await testUpstream(ok)
  const egress = testEgress({ allow: [] })
  const allowed = testLimits({ allow: ['127.0.0.1'] })
  await egress.send(get(upstream.url), allowed)
  await backInPool()
  await egress.send(get(upstream.url), allowed)
  expect(upstream.connections()).toBe(1)
  await expect(egress.send(get(upstream.url), testLimits())).rejects.toMatchObject({ kind: 'blocked' })
  expect(upstream.requests).toHaveLength(2)
})

test('S7 a redirect is an answer like any other and is not followed', async () => {
  const canary = await testUpstream(ok)
  const upstream = await testUpstream((_, response) => response.writeHead(302, { location: canary.url }).end())
  const response = await testEgress().send(get(upstream.url), testLimits())
  expect(response.status).toBe(302)
  expect(response.headers).toContainEqual(['location', canary.url])
  expect(canary.connections()).toBe(0)
})

test('S11 the proxies named by the environment are not used', async () => {
  const proxy = await testUpstream((_, response) => response.end('proxied'))
  const upstream = await testUpstream(ok)
  const script = `
    import { createEgress } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
    const egress = createEgress({ allow: ['127.0.0.1'], allowSetting: 'EGRESS_ALLOW' })
    const limits = { allow: [], deadline: Date.now() + 20000, maxBytes: 1000 }
    const { body } = await egress.send({ method: 'GET', url: ${JSON.stringify(upstream.url)}, headers: [] }, limits)
    process.stdout.write(Buffer.from(body))
    await egress.close()`
  const env = { HTTP_PROXY: proxy.url, http_proxy: proxy.url, ALL_PROXY: proxy.url, NODE_USE_ENV_PROXY: '1' }
  const run = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env })
  expect(run.stdout).toBe('ok')
  expect(proxy.connections()).toBe(0)
})

test('a bad entry of the operator is named when the egress is made, one of an upstream when it is called', async () => {
  expect(() => createEgress({ allow: ['http://x'], allowSetting: 'EGRESS_ALLOW' })).toThrow('"http://x" is not a host')
  await expect(testEgress().send(get('http://127.0.0.1/'), testLimits({ allow: ['*'] }))).rejects.toMatchObject({
    kind: 'blocked',
    message: `The upstream's allow list cannot be read: "*" is not a host, host:port, IP address or CIDR range.`,
  })
})

test('lanes that nobody uses are closed, so that many origins do not pile up', async () => {
  const upstream = await testUpstream(ok)
  const egress = testEgress({ lookup: answering(['127.0.0.1']) })
  const url = (index: number) => `http://host-${index}.test:${upstream.port}/`
  await egress.send(get(url(0)), testLimits())
  await backInPool()
  await egress.send(get(url(0)), testLimits())
  expect(upstream.connections()).toBe(1)
  for (let index = 1; index <= 512; index++) await egress.send(get(url(index)), testLimits())
  await egress.send(get(url(0)), testLimits())
  expect(upstream.connections()).toBe(514)
})

test('a closed egress lets what is under way end, and sends nothing more, not even for who waits already', async () => {
  const arrived = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const upstream = await testUpstream(async (_, response) => {
    arrived.resolve()
    await go.promise
    response.end('done')
  })
  const egress = testEgress({ maxConcurrentPerOrigin: 1 })
  const underWay = egress.send(get(upstream.url), testLimits())
  await arrived.promise
  const waiting = expect(egress.send(get(upstream.url), testLimits())).rejects.toMatchObject({ kind: 'cancelled' })
  const closed = egress.close()
  await expect(egress.send(get(upstream.url), testLimits())).rejects.toMatchObject({ kind: 'cancelled' })
  go.resolve()
  expect(text(await underWay)).toBe('done')
  await waiting
  await closed
  expect(upstream.requests).toHaveLength(1)
})

import { createServer } from 'node:tls'
import { expect, test } from 'vitest'
import { createEgress } from './create-egress.ts'
import { testCertificate } from './test-certificate.ts'
import { serve, testUpstream } from './test-upstream.ts'

const ALLOW = { allow: ['127.0.0.1', 'localhost', 'inside.test', 'nowhere.test'] }
const egress = createEgress({
  allow: [],
  allowSetting: 'EGRESS_ALLOW',
  lookup: async (name) => {
    if (name === 'nowhere.test') throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
    return [{ address: '127.0.0.1', family: 4 }]
  },
})

test('a host that answers is reached by its name and its address, and is asked nothing', async () => {
  const { port, requests, connections } = await testUpstream((_request, response) => response.end())
  await egress.reach(`http://inside.test:${port}/v1`, ALLOW)
  await egress.reach(`http://127.0.0.1:${port}`, ALLOW)
  await expect.poll(connections).toBe(2)
  expect(requests).toEqual([])
})

test('a host of https must have a certificate that is trusted', async () => {
  const { port } = await serve(createServer(testCertificate()), '127.0.0.1', 0)
  await expect(egress.reach(`https://localhost:${port}`, ALLOW)).rejects.toThrow(/certificate.*NODE_EXTRA_CA_CERTS/)
})

test.each<[what: string, url: string, allow: string[], why: RegExp]>([
  ['nobody listens', 'http://127.0.0.1:1', ['127.0.0.1'], /refused the connection\. It may be down/],
  ['has no address', 'http://nowhere.test', ['nowhere.test'], /name of nowhere\.test could not be resolved/],
  ['S1 is private', 'http://127.0.0.1:1', [], /is a loopback address.*EGRESS_ALLOW/],
  ['S1 resolves to what is private', 'http://inside.test:1', [], /resolves to a loopback address.*EGRESS_ALLOW/],
  ['is no URL', '/v1', [], /not an absolute URL/],
])('a host that %s is not reached, and it is said why', async (_what, url, allow, why) => {
  await expect(egress.reach(url, { allow })).rejects.toThrow(why)
})

import type { HttpRequest } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { get, testEgress, testLimits, testUpstream, text } from './test-upstream.ts'

type Hop = readonly [status: number, location: string]

async function setting(hops: readonly Hop[]) {
  const bodies: string[] = []
  const upstream = await testUpstream(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const hop = hops[bodies.push(body) - 1]
    if (hop) response.writeHead(hop[0], { location: hop[1] }).end('moved')
    else response.end('there')
  })
  const send = (request: Partial<HttpRequest> = {}, redirects = 3) =>
    testEgress().send({ ...get(`${upstream.url}/a?x=1`), ...request }, testLimits({ redirects }))
  const seen = () => upstream.requests.map(({ method, url }, at) => [method, url, bodies[at]])
  return { upstream, send, seen }
}

const POST = {
  method: 'POST',
  body: 'data',
  headers: [
    ['content-type', 'text/plain'],
    ['x-key', 'k'],
  ],
} as const

describe('B134 redirects to the same origin are followed where that is allowed', () => {
  test.each<[string, readonly Hop[], Partial<HttpRequest>, Array<[string, string, string]>]>([
    ['relative', [[302, '../b?y#z']], {}, [['GET', '/b?y', '']]],
    [
      'three of them',
      [
        [301, '/b'],
        [308, '/c'],
        [307, '/d'],
      ],
      {},
      [
        ['GET', '/b', ''],
        ['GET', '/c', ''],
        ['GET', '/d', ''],
      ],
    ],
    ['a POST becomes a GET', [[302, '/b']], POST, [['GET', '/b', '']]],
    ['see other', [[303, '/b']], { ...POST, method: 'PUT' }, [['GET', '/b', '']]],
    ['a POST stays one', [[307, '/b']], POST, [['POST', '/b', 'data']]],
    ['a PUT stays one', [[301, '/b']], { ...POST, method: 'PUT' }, [['PUT', '/b', 'data']]],
  ])('%s', async (_name, hops, request, want) => {
    const { send, seen, upstream } = await setting(hops)
    expect(text(await send(request))).toBe('there')
    expect(seen().slice(1)).toEqual(want)
    const last = upstream.requests.at(-1)!
    expect([last.headers['x-key'], last.headers['content-type']]).toEqual(
      request.headers ? ['k', last.method === 'GET' ? undefined : 'text/plain'] : [undefined, undefined],
    )
  })

  test.each<[string, readonly Hop[], number, number]>([
    ['where it is not allowed', [[302, '/b']], 0, 1],
    [
      'more than are allowed',
      [
        [302, '/b'],
        [302, '/c'],
        [302, '/d'],
        [302, '/e'],
      ],
      3,
      4,
    ],
    ['S7 to another origin', [[302, 'http://127.0.0.1:1/']], 3, 1],
    ['S8 to another name of the same host', [[302, 'http://localhost/']], 3, 1],
    ['with a password', [[302, 'http://a:b@127.0.0.1/']], 3, 1],
    ['to what is no URL', [[302, 'http://']], 3, 1],
    ['without a place', [[302, '']], 0, 1],
  ])('%s it is an answer like any other', async (_name, hops, redirects, requests) => {
    const { send, seen } = await setting(hops)
    expect((await send({}, redirects)).status).toBe(302)
    expect(seen()).toHaveLength(requests)
  })
})

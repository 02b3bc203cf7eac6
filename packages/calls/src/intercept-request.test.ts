import { describe, expect, test } from 'vitest'
import { callOnce, headerOf, type Setting, sealed, textOf } from './testing/call-once.ts'

const POST = {
  path: '/things/{id}',
  method: 'post',
  operation: {
    parameters: [
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'list', in: 'query', explode: false, schema: { type: 'array' } },
      { name: 'sid', in: 'cookie', schema: { type: 'string' } },
    ],
    requestBody: { content: { 'application/json': { schema: { type: 'object', properties: { n: {}, o: {} } } } } },
  },
  args: { id: 'a b', list: ['x,y', 'z'], sid: 'c1', n: 1.5 },
}
const intercepted = (source: string, more: Partial<Setting> = {}) =>
  callOnce({ ...POST, ...more, steps: { requestInterceptor: source } })

describe('a request interceptor', () => {
  test('what it leaves as it is stays so to the byte', async () => {
    const [plain, same] = await Promise.all([callOnce(POST), intercepted('request.headers["x-a"] = "1"')])
    const { headers, ...rest } = plain.sent[0]!
    const { headers: changed, ...others } = same.sent[0]!
    expect(others).toEqual(rest)
    expect(others.url).toBe('https://api.test/v1/things/a%20b?list=x%2Cy,z')
    expect(new Map(changed)).toEqual(new Map([...headers, ['x-a', '1']]))
  })

  test('is shown the request without cookies, with the arguments and the tool', async () => {
    const { intercepted: runs } = await intercepted('')
    expect(runs[0]!.input).toEqual({
      request: {
        method: 'POST',
        path: '/v1/things/a%20b',
        query: { list: 'x,y,z' },
        headers: expect.not.objectContaining({ cookie: expect.anything() }),
        body: { n: 1.5 },
      },
      arguments: POST.args,
      tool: { name: 'thing', method: 'POST', path: '/things/{id}', upstream: 'shop' },
    })
  })

  test.each([
    ['query', 'request.query = {q: ["a&b", "ü"], n: 1, gone: null}', '?q=a%26b&q=%C3%BC&n=1'],
    ['a value in the path', 'request.path = "/v1/things/other;v=1"', '/other;v=1?'],
  ])('may change its %s', async (_what, source, want) => {
    expect((await intercepted(source)).sent[0]!.url).toContain(want)
  })

  test.each(['delete request.body', 'request.body = null', 'request.body = undefined'])(
    'B105 without a body none is sent: %s',
    async (source) => expect((await intercepted(source)).sent[0]!.body).toBeUndefined(),
  )

  test('may change its body and headers; cookies stay', async () => {
    const { sent } = await intercepted(
      'request.body = {o: [1]}; request.headers = {"content-type": "application/json", "x-n": 5}',
    )
    expect(sent[0]!.body).toBe('{"o":[1]}')
    expect([headerOf(sent[0], 'x-n'), headerOf(sent[0], 'cookie'), headerOf(sent[0], 'accept')]).toEqual([
      ['5'],
      ['sid=c1'],
      [],
    ])
  })

  test.each([
    ['another method', 'request.method = "DELETE"', /changed the method/],
    ['another path', 'request.path = "/v1/admin/a"', /shape of the path/],
    ['one segment more', 'request.path = "/v1/things/a/b"', /shape of the path/],
    ['S12 dots', 'request.path = "/v1/things/.."', /shape of the path/],
    ['S12 dots before a semicolon', 'request.path = "/v1/things/..;a"', /shape of the path/],
    ['an encoded slash', 'request.path = "/v1/things/a%2Fb"', /shape of the path/],
    ['a query in the path', 'request.path = "/v1/things/a?x=1"', /shape of the path/],
    ['a host', 'request.path = "//evil.test/things/a"', /shape of the path/],
    [
      'S16 a header of the connection',
      'request.headers["transfer-encoding"] = "chunked"',
      /"transfer-encoding", which cannot/,
    ],
    ['S15 a line break', 'request.headers["x-a"] = "1\\r\\nx-b: 2"', /"x-a", which cannot/],
    ['no request', 'return 5', /returned no request/],
    ['an object in the query', 'request.query.a = {b: 1}', /"a" a value that is no text/],
  ])('S8 %s is refused, and nothing is sent', async (_what, source, message) => {
    const { sent, outcome } = await intercepted(source)
    expect([sent.length, outcome.ok]).toEqual([0, false])
    expect(textOf(outcome)).toMatch(message)
  })

  test('S43 sees placeholders, not secrets, which stand where it puts them', async () => {
    const fixed = { n: { secret: sealed('s3cr3t-value'), origins: ['https://api.test'] } }
    const { intercepted: runs, sent } = await intercepted('request.headers["x-n"] = request.body.n', {
      fixed,
      args: { id: 'a' },
    })
    expect(JSON.stringify(runs)).not.toContain('s3cr3t-value')
    expect(sent[0]!.body).toBe('{"n":"s3cr3t-value"}')
    expect(headerOf(sent[0], 'x-n')).toEqual(['s3cr3t-value'])
  })
})

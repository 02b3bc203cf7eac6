import { expect, test } from 'vitest'
import { buildRequest } from './build-request.ts'
import { prepareOperation } from './prepare-operation.ts'
import { definitionOf, openapi } from './testing/read-one.ts'

test('what is prepared once makes the requests of all calls, and none changes it', () => {
  const { operation } = definitionOf(
    openapi({
      '/a b/{id}/{unbound}?fixed=1': {
        get: {
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'unbound', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'q', in: 'query', schema: { type: 'string' } },
            { name: 'X-Own', in: 'header', schema: { type: 'string' } },
            { name: 'c', in: 'cookie', schema: { type: 'string' } },
          ],
        },
      },
    }),
  )
  const prepared = prepareOperation(operation)
  const before = JSON.stringify(prepared)
  const build = (id: string) =>
    buildRequest(operation, { id, unbound: 'u', q: id, 'X-Own': id, c: id }, 'https://api.test', prepared)
  expect([build('1/2').url, build('3').url]).toEqual([
    'https://api.test/a%20b/1%2F2/u?fixed=1&q=1%2F2',
    'https://api.test/a%20b/3/u?fixed=1&q=3',
  ])
  expect(build('4')).toEqual(
    buildRequest(operation, { id: '4', unbound: 'u', q: '4', 'X-Own': '4', c: '4' }, 'https://api.test'),
  )
  expect(JSON.stringify(prepared)).toBe(before)
})

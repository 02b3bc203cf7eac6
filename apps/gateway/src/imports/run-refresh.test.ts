import { CallFailure, type HttpRequest } from '@sluice/contract'
import { expect, test } from 'vitest'
import { type RefreshDeps, runRefresh } from './run-refresh.ts'

test.each<[string, string[], string | undefined]>([
  ['is asked for only where it changed', [], '"1"'],
  ['is asked for whole where it refers to others, which may have changed alone', ['https://x.test'], undefined],
])('B16 a document %s', async (_name, externalRefs, condition) => {
  const asked: HttpRequest[] = []
  const deps = {
    readStored: async () => ({ upstream: { externalRefs, overlay: null } }),
    send: (request: HttpRequest) => {
      asked.push(request)
      return Promise.reject(new CallFailure('upstream', 'away'))
    },
    record: async () => {},
  } as unknown as RefreshDeps
  const due = { workspaceId: 'w', slug: 'x', url: 'https://x.test/o', allow: [], validator: '"1"', headers: null }
  expect(await runRefresh(due, deps)).toContain('away')
  expect(asked.map(({ headers }) => headers.find(([name]) => name === 'if-none-match')?.[1])).toEqual([condition])
})

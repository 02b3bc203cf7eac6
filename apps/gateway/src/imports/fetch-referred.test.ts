import { LIMITS, Problem } from '@sluice/contract'
import { expect, test } from 'vitest'
import { fetchReferred } from './fetch-referred.ts'

test('C6 B15 a document that could not be fetched is handed on with the reason', async () => {
  const url = 'https://x.test/o.json'
  const deps = {
    missingUrls: async () => [url],
    send: () => Promise.reject(new Problem('spec-unreadable', { detail: 'The address cannot be reached.' })),
  }
  const { files, unfetched } = await fetchReferred({ text: '{}' }, ['https://x.test'], [], deps)
  expect(files).toEqual(new Map())
  expect([...unfetched!.keys()]).toEqual([url])
})

test('S24 B15 what is referred to is bounded over all documents', async () => {
  const answer = (bytes: number) => ({ status: 200, headers: [], body: new Uint8Array(bytes).fill(32) })
  const asked: Array<number | undefined> = []
  const source = { text: '{}' }
  const urls = ['a', 'b', 'c'].map((name) => `https://x.test/${name}`)
  const deps = {
    missingUrls: async ({ files }: { files?: ReadonlyMap<string, string> }) => urls.filter((url) => !files?.has(url)),
    send: async (_request: unknown, { maxBytes }: { maxBytes?: number }) => {
      asked.push(maxBytes)
      return answer(LIMITS.specBytes / 2)
    },
  }
  const { files, unfetched } = await fetchReferred(source, ['https://x.test'], [], deps as never)
  expect([...files!.keys()]).toEqual(urls.slice(0, 2))
  expect(asked).toEqual([LIMITS.specBytes, LIMITS.specBytes / 2])
  expect(unfetched!.get(urls[2]!)).toContain('64 MB')
})

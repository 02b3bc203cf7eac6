import { Problem } from '@sluice/contract'
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

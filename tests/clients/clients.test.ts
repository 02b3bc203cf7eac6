import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../support/spawned.ts'
import { ALL_CLIENTS } from './all-clients.ts'
import { type Seen, TASK } from './client.ts'
import { judgeTrial, type Truth } from './judge-trial.ts'
import { pageRow, readPage, rowStart } from './page-row.ts'
import type { Exchange } from './record-requests.ts'
import { type BookshopGateway, startBookshopGateway } from './start-bookshop-gateway.ts'
import { tryClient } from './try-client.ts'

// What `npm run clients` does with all clients, done with three, of which one is installed for it.

describe('real clients', () => {
  let gateway: BookshopGateway
  beforeAll(async () => {
    gateway = await startBookshopGateway()
  })
  afterAll(() => gateway.close())

  test.each(['official-v1', 'official-v2', 'mcporter'])(
    '%s lists and calls, and the page says what it gets',
    async (name) => {
      const trial = await tryClient(name, gateway)
      expect(trial).toMatchObject({ faults: [], listed: 5, called: 3 })
      expect(readPage()).toContain(pageRow(trial))
    },
    120_000,
  )

  test('a client whose instructions are called tested is tried by them', () => {
    const tested = gateway.snippets.filter((snippet) => snippet.tested && !snippet.client.startsWith('generic-'))
    expect(Object.keys(ALL_CLIENTS)).toEqual(expect.arrayContaining(tested.map(({ client }) => client)))
  })
})

test.each(Object.keys(ALL_CLIENTS))('%s stands on the page, in the one version that is tried', (name) => {
  const { package: tried, isApart } = ALL_CLIENTS[name]!
  const lock = JSON.parse(
    readFileSync(join(isApart ? join(import.meta.dirname, 'install', name) : ROOT, 'package-lock.json'), 'utf8'),
  )
  const { version } = lock.packages[`node_modules/${tried}`]
  expect(readPage()).toContain(rowStart(name, version))
  if (!isApart) return
  expect(lock.packages[''].dependencies[tried]).toBe(version)
  // Where a package is from is for the registry of whoever installs it to say.
  expect(JSON.stringify(lock)).not.toContain('"resolved"')
})

describe('a client is not believed', () => {
  const truth: Truth = { tools: ['get_book', 'search_books'], read: { id: 7 }, search: { items: [] } }
  const miss = 'The API answered 404. There is no book at /v1/books/9999.'
  const seen: Seen = {
    tools: ['x_search_books', 'x_get_book'],
    results: { read: '{"id":7}', search: '{"items":[]}', miss },
  }
  const list: Exchange = { message: { method: 'tools/list' }, answer: '{}' }
  const called = ({ tool, arguments: args }: (typeof TASK)[keyof typeof TASK], isError: boolean): Exchange => ({
    message: { method: 'tools/call', params: { name: tool, arguments: args } },
    answer: `{"result":{"isError":${isError}}}`,
  })
  const wire = [list, called(TASK.read, false), called(TASK.search, false), called(TASK.miss, true)]
  const judge = (got: Partial<Seen>, exchanges = wire) =>
    judgeTrial({ toolName: (tool) => `x_${tool}` }, { ...seen, ...got }, exchanges, truth)
  const withResult = (result: Partial<Seen['results']>) => judge({ results: { ...seen.results, ...result } })

  test('one that shows what is so has no faults', () => expect(judge({})).toEqual([]))
  test.each([
    ['a tool that is missing', judge({ tools: ['x_get_book'] }), /^it lists x_get_book instead of/],
    ['another answer', withResult({ read: '{"id":8}' }), /^what it read is not/],
    ['an answer that is cut', withResult({ search: '{"items":[' }), /^what it found is not/],
    ['a failure without its reason', withResult({ miss: 'It failed.' }), /^the failure does not say/],
    ['a list from elsewhere', judge({}, wire.slice(1)), /^no tools\/list/],
    ['a call that was not made', judge({}, wire.toSpliced(1, 1)), /saw no call "read"/],
    ['a failure that is no error', judge({}, wire.with(3, called(TASK.miss, false))), /saw no call "miss"/],
  ])('%s', (_name, faults, want) => {
    expect(faults).toEqual([expect.stringMatching(want)])
  })
})

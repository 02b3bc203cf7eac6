import { describe, expect, test } from 'vitest'
import { tool } from './testing/tool.ts'
import { createToolFinder, type SearchRequest } from './tool-finder.ts'

const MUSIC = [
  tool('GET /me', { title: "Get the current user's profile" }),
  tool('GET /me/playlists', { title: 'List my playlists', tags: ['Playlists'] }),
  tool('GET /users/{user_id}/playlists', { title: "List a user's playlists", tags: ['Playlists'] }),
  tool('POST /users/{user_id}/playlists', { title: 'Create a playlist', tags: ['Playlists'] }),
  tool('GET /playlists/{playlist_id}', { title: 'Get a playlist', tags: ['Playlists'] }),
  tool('DELETE /playlists/{playlist_id}', { title: 'Delete a playlist', tags: ['Playlists'] }),
  tool('POST /playlists/{playlist_id}/tracks', { title: 'Add tracks to a playlist', tags: ['Playlists'] }),
  tool('PUT /me/player/pause', { title: 'Pause playback', tags: ['Player'] }),
  tool('GET /search', { title: 'Search for tracks, albums and artists', args: { q: { type: 'string' } } }),
  tool('GET /albums/{id}/tracks', { title: "List an album's tracks", tags: ['Albums'] }),
  tool('GET /old/playlists', { title: 'List playlists' }),
]
const OLD = MUSIC.at(-1)!
const TOOLS = [...MUSIC.slice(0, -1), { ...OLD, operation: { ...OLD.operation, deprecated: true } }]
const routeOf = (found: (typeof TOOLS)[number]) => `${found.operation.method} ${found.operation.path}`

async function search(query: string, more: Partial<SearchRequest> = {}, maySee = (_name: string) => true) {
  const finder = await createToolFinder(TOOLS, async () => {})
  const found = finder.search({ query, offset: 0, limit: 5, ...more }, maySee)
  return { ...found, routes: found.tools.map(routeOf) }
}

describe('the best hit', () => {
  test.each([
    ['show my playlists', 'GET /me/playlists'],
    ["list a user's playlists", 'GET /users/{user_id}/playlists'],
    ['remove a playlist', 'DELETE /playlists/{playlist_id}'],
    ['make a new playlist', 'POST /users/{user_id}/playlists'],
    ['add songs to a playlist', 'POST /playlists/{playlist_id}/tracks'],
    ['pause the music', 'PUT /me/player/pause'],
    ['get_me', 'GET /me'],
    ['who am I?', 'GET /me'],
  ])('for %j is %s', async (query, route) => {
    expect((await search(query)).routes[0]).toBe(route)
  })
})

test.each([
  ['tell me the vitamins of a kiwi fruit', 'GET /fruits/{name}'],
  ['list all fruits with their vitamins', 'GET /fruits/all'],
  ['the current price of a fruit', 'GET /fruits/{name}/price'],
])('one thing is not all of them, and what qualifies is not what it is about: %s', async (query, route) => {
  const fruits = [
    tool('GET /fruits/all', { title: 'Fruits with all their vitamins' }),
    tool('GET /fruits/{name}', { title: 'Get a fruit', description: 'One of them, with its vitamins.' }),
    tool('GET /fruits/{name}/price', { title: 'Get the price of a fruit' }),
    tool('GET /current', { title: 'Get the current state' }),
    ...Array.from({ length: 20 }, (_, at) => tool(`GET /others/${at}`, { title: 'Get a price of something else' })),
  ]
  const finder = await createToolFinder(fruits, async () => {})
  const { tools } = finder.search({ query, offset: 0, limit: 3 }, () => true)
  expect(routeOf(tools[0]!)).toBe(route)
})

test('an operationId is a name too, and of two tools the one that may be seen is meant', async () => {
  const named = (route: string, operationId: string) => {
    const one = tool(route)
    return { ...one, operation: { ...one.operation, operationId } }
  }
  const both = [
    named('GET /a', 'list things'),
    named('GET /b', 'list things'),
    tool('GET /c', { title: 'List things' }),
  ]
  const finder = await createToolFinder(both, async () => {})
  const first = (maySee: (name: string) => boolean) =>
    finder.search({ query: 'list things', offset: 0, limit: 1 }, maySee).tools[0]!.name
  expect(first(() => true)).toBe(both[0]!.name)
  expect(first((name) => name !== both[0]!.name)).toBe(both[1]!.name)
})

test('a search shows the neighbours of a task: who gives the id, and what finds a name', async () => {
  const { routes } = await search('Add songs of "Blue Train" to a playlist')
  expect(routes).toEqual(
    expect.arrayContaining(['GET /search', 'GET /me/playlists', 'POST /playlists/{playlist_id}/tracks']),
  )
})

test('each of several wishes is met', async () => {
  const { routes } = await search('pause playback, list the tracks of an album and delete a playlist', { limit: 3 })
  expect(routes.toSorted()).toEqual([
    'DELETE /playlists/{playlist_id}',
    'GET /albums/{id}/tracks',
    'PUT /me/player/pause',
  ])
})

test('filters narrow, and a page follows another without repeating', async () => {
  expect((await search('', { tag: 'player' })).routes).toEqual(['PUT /me/player/pause'])
  expect((await search('playlist', { method: 'DELETE' })).routes).toEqual(['DELETE /playlists/{playlist_id}'])
  expect(
    (await search('playlist', { readOnly: true, limit: 20 })).tools.every(
      ({ operation }) => operation.method === 'GET',
    ),
  ).toBe(true)
  const first = await search('playlist', { limit: 3 })
  const second = await search('playlist', { limit: 3, offset: 3 })
  expect(first.hasMore).toBe(true)
  expect(first.routes.filter((route) => second.routes.includes(route))).toEqual([])
  expect((await search('playlist', { upstream: 'other' })).routes).toEqual([])
})

test('S66 what may not be seen is not there, neither as a hit nor as a neighbour nor by its name', async () => {
  const maySee = (name: string) => name === 'post_playlists_playlist_id_tracks'
  expect((await search('add songs of "X" to a playlist', {}, maySee)).routes).toEqual([
    'POST /playlists/{playlist_id}/tracks',
  ])
  expect((await search('get_me', {}, maySee)).routes).toEqual([])
  expect((await search('*', {}, maySee)).routes).toHaveLength(1)
})

test('a misspelt word is found by the nearest that there is, and said', async () => {
  const found = await search('plailist')
  expect(found.corrected).toBe('playlist')
  expect(found.routes.length).toBeGreaterThan(0)
})

test.each([
  ['GET /me/playlists', ['GET /me/playlists']],
  ['get /me', ['GET /me']],
  ['/users/7/playlists', ['GET /users/{user_id}/playlists', 'POST /users/{user_id}/playlists']],
  ['delete /playlists/7', ['DELETE /playlists/{playlist_id}']],
])('the route %s is found as it is, or as one that stands for it', async (query, routes) => {
  expect((await search(query)).routes).toEqual(routes)
})

test('a route that there is not is found by its words, and that is said', async () => {
  const found = await search('/users/playlists')
  expect(found.routes).toContain('GET /users/{user_id}/playlists')
  expect(found.corrected).toBe('user playlist')
})

test('what the inventory counts is what a tag narrows to, and an upstream is one in either case', async () => {
  expect((await search('*', { tag: 'search' })).routes).toEqual(['GET /search'])
  expect((await search('*', { tag: 'Play…' })).routes).not.toEqual([])
  expect((await search('*', { upstream: 'API' })).routes).not.toEqual([])
})

test('a page goes on where the one before it ended, as far as there are hits', async () => {
  const many = Array.from({ length: 150 }, (_, at) =>
    tool(`GET /shops/${'x'.repeat(at % 7)}/orders${at}`, {
      name: `t${at}`,
      title: `List orders ${'now '.repeat(at % 5)}`,
    }),
  )
  const finder = await createToolFinder(many, async () => {})
  const named = (offset: number, limit: number) =>
    finder.search({ query: 'list orders of a shop now', offset, limit }, () => true).tools.map(({ name }) => name)
  const whole = named(0, 150)
  expect(new Set(whole).size).toBe(150)
  expect(Array.from({ length: 15 }, (_, at) => named(at * 10, 10)).flat()).toEqual(whole)
})

test('S66 a misspelt word is not found by one that only hidden tools have', async () => {
  const maySee = (name: string) => name === 'put_me_player_pause'
  expect(await search('plailist', {}, maySee)).toMatchObject({ tools: [] })
  expect((await search('plailist pauze', {}, maySee)).corrected).toBe('paus')
  expect((await search('albms pauze', {}, maySee)).corrected).toBe('paus')
})

test('a word of another script, or a short one, is not found by any short word', async () => {
  for (const query of ['客户 退款', 'q7', 'Ж']) expect((await search(query)).corrected).toBeUndefined()
})

test('of two tools the one of that name comes first, then the one of that operation', async () => {
  const other = tool('GET /a', { name: 'a' })
  const twins = [{ ...other, operation: { ...other.operation, operationId: 'b' } }, tool('GET /b', { name: 'b' })]
  const finder = await createToolFinder(twins, async () => {})
  const first = (maySee: (name: string) => boolean) =>
    finder.search({ query: 'b', offset: 0, limit: 1 }, maySee).tools[0]?.name
  expect(first(() => true)).toBe('b')
  expect(first((name) => name === 'a')).toBe('a')
})

test('nothing is found where nothing fits, and odd queries do no harm', async () => {
  for (const query of ['zzzzqq', '…', '*** ***', '((((', '\u0000', 'a'.repeat(1000)]) {
    expect((await search(query)).routes).toEqual([])
  }
})

test('a server without tools has an empty search', async () => {
  const finder = await createToolFinder([], async () => {})
  expect(finder.search({ query: 'x', offset: 0, limit: 5 }, () => true)).toEqual({ tools: [], hasMore: false })
})

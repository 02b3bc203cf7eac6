import { type Caller, LIMITS } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import type { Continuations, KeptAnswer } from './continuations.ts'
import { readMore } from './read-more.ts'
import { unshapeJson } from './shape-json.ts'
import { callOnce, pick, shownOf } from './testing/call-once.ts'

/** What is kept here is found by whoever kept it. */
function inMemory(): Continuations {
  const kept = new Map<string, KeptAnswer>()
  return {
    keep: ({ workspaceId, callerId }, answer) => {
      kept.set(`${workspaceId} ${callerId} h`, answer)
      return 'h'
    },
    find: async ({ workspaceId, callerId }, handle) => kept.get(`${workspaceId} ${callerId} ${handle}`),
  }
}

const caller = { workspaceId: 'w', id: 'k', name: 'test' }
const within = () => ({ deadline: Date.now() + 1_000, signal: new AbortController().signal })

async function setUp(value: unknown, type = 'application/json') {
  const continuations = inMemory()
  const body = typeof value === 'string' ? value : JSON.stringify(value)
  const { outcome } = await callOnce({ answer: { body, headers: [['content-type', type]] }, continuations })
  const read = async (args: unknown, who: Caller = caller, mayUse = true) => {
    const deps = { continuations, project: pick, faultOf: () => undefined }
    const answer = await readMore({ arguments: args, caller: who, ...within() }, () => mayUse, deps)
    if (!answer.ok) return { failed: answer.message }
    return shownOf(answer)
  }
  if (!outcome.ok) throw new Error(outcome.message)
  const { shown, note } = shownOf(outcome)
  return { outcome, shown, note: note!, read }
}

/** The last call that a note says to make: that of the outermost. */
const placeIn = (note: string | undefined) =>
  JSON.parse(/(?:with .* or )?with (\{.*\})\./.exec(note ?? '')![1]!) as object

/** Reads on as the notes say, until there is no more. */
async function readAll<T>(
  first: { shown: string; note: string | undefined },
  read: Awaited<ReturnType<typeof setUp>>['read'],
  take: (shown: string) => T[],
) {
  const all = take(first.shown)
  let note = first.note
  for (let turns = 0; note !== undefined && turns < 50; turns++) {
    const next = await read(placeIn(note))
    if ('failed' in next) throw new Error(next.failed)
    expect(Buffer.byteLength(next.shown)).toBeLessThanOrEqual(LIMITS.resultBytes)
    all.push(...(unshapeJsonText(next.shown) as T[]))
    note = next.note
  }
  return all
}

const unshapeJsonText = (text: string) => unshapeJson(JSON.parse(text))

describe('an answer that was shown in part is read on', () => {
  test.each([
    ['a list of like objects', Array.from({ length: 3000 }, (_, n) => ({ id: n, name: `the name of ${n}` }))],
    ['a list of unlike ones', Array.from({ length: 3000 }, (_, n) => ({ [`k${n % 7}`]: n, name: `the name of ${n}` }))],
  ])('%s, to the last item', async (_what, items) => {
    const { shown, note, read } = await setUp({ total: items.length, 'my items': items })
    const all = await readAll(
      { shown, note },
      read,
      (text) => (unshapeJsonText(text) as { 'my items': unknown[] })['my items'],
    )
    expect(all).toEqual(items)
  })

  test('a text inside, by characters', async () => {
    const text = 'é𝄞x'.repeat(20_000)
    const { shown, note, read } = await setUp({ a: 1, text })
    const first = (JSON.parse(shown) as { text: string }).text.slice(0, -1)
    let [all, place] = [first, placeIn(note)]
    for (let turns = 0; turns < 50; turns++) {
      const next = await read(place)
      const part = JSON.parse((next as { shown: string }).shown) as string
      if (!('note' in next) || next.note === undefined) {
        all += part
        break
      }
      all += part.slice(0, -1)
      place = placeIn(next.note)
    }
    expect(all).toBe(text)
  })

  test('an object of many members, in their order', async () => {
    const members = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`member ${n}`, 'x'.repeat(n % 40)]))
    const { note, read } = await setUp({ a: { b: members } })
    const all: Array<[string, unknown]> = []
    for (let place: object | undefined = placeIn(note), turns = 0; place && turns < 50; turns++) {
      const next = (await read(place)) as { shown: string; note?: string }
      all.push(...Object.entries(JSON.parse(next.shown) as object))
      place = next.note === undefined ? undefined : placeIn(next.note)
    }
    expect(Object.fromEntries(all)).toEqual(members)
  })

  test('an object whose own members are many, from a first part that shows the smallest', async () => {
    const members = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`member ${n}`, 'x'.repeat(n % 20)]))
    const { note, read } = await setUp(members)
    expect(placeIn(note)).toEqual({ handle: 'h', from: 0 })
    const all: Array<[string, unknown]> = []
    for (let place: object | undefined = placeIn(note), turns = 0; place && turns < 50; turns++) {
      const next = (await read(place)) as { shown: string; note?: string }
      all.push(...Object.entries(JSON.parse(next.shown) as object))
      place = next.note === undefined ? undefined : placeIn(next.note)
    }
    expect(all).toEqual(Object.entries(members))
  })

  test('a list inside an object that is read on, from where it was cut', async () => {
    const items = Array.from({ length: 5_000 }, (_, n) => `item ${n}`)
    const { read } = await setUp({ a: 'x'.repeat(20_000), b: 'x'.repeat(20_000), items })
    const second = (await read({ handle: 'h', from: 2 })) as { shown: string; note: string }
    const shown = (JSON.parse(second.shown) as { items: unknown[] }).items
    const third = (await read(placeIn(second.note))) as { shown: string }
    expect([...shown, ...JSON.parse(third.shown)]).toEqual(
      items.slice(0, shown.length + JSON.parse(third.shown).length),
    )
  })

  test('large items of a list, one after the other, and each to its end', async () => {
    const items = ['a', 'b', 'c'].map((letter) => ({ letter, text: letter.repeat(60_000) }))
    const { note, read } = await setUp({ items })
    expect(note).toMatch(
      /with \{"handle":"h","jmespath":"items\[0\]\.text","from":\d+\}, or with \{.*"items","from":1\}\./,
    )
    const second = await read({ handle: 'h', jmespath: 'items', from: 1 })
    const within = /with (\{.*?\}), or/.exec((second as { note: string }).note)![1]!
    expect(JSON.parse(within)).toMatchObject({ jmespath: 'items | [1:] | [0].text' })
    const rest = (await read(JSON.parse(within))) as { shown: string }
    expect(rest.shown).toMatch(/^"b{20000}/)
  })

  test('what is no JSON, by characters', async () => {
    const text = 'é𝄞x'.repeat(20_000)
    const { shown, note, read } = await setUp(text, 'text/plain')
    let [all, more] = [shown, note as string | undefined]
    while (more !== undefined) {
      const next = (await read(placeIn(more))) as { shown: string; note?: string }
      all += next.shown
      more = next.note
    }
    expect(all).toBe(text)
    expect(await read({ handle: 'h', jmespath: 'a' })).toMatchObject({ failed: expect.stringContaining('no JSON') })
  })

  test('a name that is not there is told with those that are', async () => {
    const { read } = await setUp({ big: 'x'.repeat(50_000) })
    expect(await read({ handle: 'h', jmespath: 'bgi' })).toMatchObject({
      shown: 'null',
      note: expect.stringContaining('"big"'),
    })
  })

  test('a database that is away is told in words', async () => {
    const away = { keep: () => 'h', find: () => Promise.reject(new Error('away')) }
    const deps = { continuations: away, project: pick, faultOf: () => undefined }
    const answer = await readMore({ arguments: { handle: 'h' }, caller, ...within() }, () => true, deps)
    expect(answer).toMatchObject({ ok: false, message: expect.stringContaining('cannot be read now') })
  })

  test('what the agent picks from it', async () => {
    const { read } = await setUp({ big: 'x'.repeat(50_000), small: { n: 1 } })
    expect(await read({ handle: 'h', jmespath: 'small' })).toMatchObject({ shown: '{"n":1}' })
  })

  test.each([
    ['somebody else', { workspaceId: 'w', id: 'other', name: 'other' }, true],
    ['another caller of the workspace', { ...caller, id: 'https://login.test bob' }, true],
    ['somebody of another workspace', { workspaceId: 'x', id: 'k', name: 'test' }, true],
    ['who may not use the tool any more', caller, false],
  ])('S66 not by %s', async (_who, who, mayUse) => {
    const { read } = await setUp('x'.repeat(50_000), 'text/plain')
    expect(await read({ handle: 'h' }, who, mayUse)).toMatchObject({
      failed: expect.stringContaining('No answer is kept'),
    })
  })

  test('arguments that do not fit are refused in words', async () => {
    const { read } = await setUp('x'.repeat(50_000), 'text/plain')
    expect(await read({})).toMatchObject({ failed: expect.stringContaining('Missing: handle') })
    expect(await read({ handle: 'h', from: -1 })).toMatchObject({ failed: expect.stringContaining('from') })
  })

  test('an answer that is small is not kept, nor one that is too large to be', async () => {
    expect((await setUp({ a: 1 })).outcome.isPart).toBeUndefined()
    const { note, outcome } = await setUp('x'.repeat(LIMITS.keptAnswerBytes + 1), 'text/plain')
    expect(outcome.isPart).toBe(true)
    expect(note).not.toContain('read_more')
  })
})

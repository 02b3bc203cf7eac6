import type { KeptAnswer, Reader } from '@sluice/calls'
import { Problem } from '@sluice/contract'
import { expect, test } from 'vitest'
import { type ContinuationPlace, createContinuations } from './continuations.ts'

const NEVER = 1_000_000
const reader = (callerId: string): Reader => ({ workspaceId: 'w', callerId })
const answer = (text: string): KeptAnswer => ({ toolId: 't', kind: 'text', text })

/** A place that several gateways write to, and what was written. */
function place(fail: (callerId: string) => unknown = () => undefined) {
  const rows = new Map<string, string>()
  const roomFor: string[] = []
  const shared: ContinuationPlace = {
    write: async ({ callerId }, { handle, text }) => {
      const fault = fail(callerId)
      if (fault) throw fault
      rows.set(`${callerId} ${handle}`, text)
    },
    makeRoom: async ({ callerId }) => void roomFor.push(callerId),
    find: async ({ callerId }, handle) => rows.get(`${callerId} ${handle}`),
  }
  return { shared, rows, roomFor }
}

const away = () => new Problem('database-unavailable', { detail: 'away' })

test('an answer is found by its reader alone, at once and when it is written', async () => {
  const { shared, rows, roomFor } = place()
  const kept = createContinuations(shared, NEVER)
  const handle = kept.keep(reader('a'), answer('whole'))
  expect(rows.size).toBe(0)
  expect(await kept.find(reader('a'), handle)).toEqual(answer('whole'))
  expect(await kept.find(reader('b'), handle)).toBeUndefined()
  expect(await kept.find({ ...reader('a'), workspaceId: 'x' }, handle)).toBeUndefined()
  await kept.flush()
  expect([rows.size, roomFor]).toEqual([1, ['a']])
  expect(await kept.find(reader('a'), handle)).toEqual(answer('whole'))
})

test('it is written without being asked for, and a gateway that looks before that finds it all the same', async () => {
  const { shared } = place()
  const [one, other] = [createContinuations(shared), createContinuations(shared)]
  const handle = one.keep(reader('a'), answer('whole'))
  expect(await other.find(reader('a'), handle)).toEqual(answer('whole'))
})

test('S72 of what one reader gets meanwhile the newest ten are written, and another takes no place of theirs', async () => {
  const { shared, rows } = place()
  const kept = createContinuations(shared, NEVER)
  const other = kept.keep(reader('b'), answer('b'))
  const handles = Array.from({ length: 13 }, (_, n) => kept.keep(reader('a'), answer(`a${n}`)))
  await kept.flush()
  expect([...rows.keys()]).toEqual([`b ${other}`, ...handles.slice(3).map((handle) => `a ${handle}`)])
})

test('while the database is away an answer waits here, and is written when it is back', async () => {
  let isAway = true
  const { shared, rows } = place(() => isAway && away())
  const kept = createContinuations(shared, NEVER)
  const handle = kept.keep(reader('a'), answer('whole'))
  await kept.flush()
  expect(rows.size).toBe(0)
  expect(await kept.find(reader('a'), handle)).toEqual(answer('whole'))
  isAway = false
  await kept.close()
  expect(rows.size).toBe(1)
})

test('what the database refuses goes, and holds nothing else up', async () => {
  const { shared, rows } = place((callerId) => callerId === 'gone' && new Error('violates a foreign key'))
  const kept = createContinuations(shared, NEVER)
  kept.keep(reader('gone'), answer('x'))
  kept.keep(reader('a'), answer('y'))
  await kept.flush()
  expect([...rows.values()].map((text) => JSON.parse(text).text)).toEqual(['y'])
  await kept.flush()
  expect(rows.size).toBe(1)
})

test('S72 what waits has its room, and the oldest go first', async () => {
  const { shared, rows } = place()
  const kept = createContinuations(shared, NEVER)
  for (let n = 0; n < 9; n++) kept.keep(reader(`c${n}`), answer('x'.repeat(4 * 1024 * 1024)))
  await kept.flush()
  expect([...rows.keys()].map((key) => key.split(' ')[0])).toEqual(['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'])
})

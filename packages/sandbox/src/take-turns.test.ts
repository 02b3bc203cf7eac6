import { expect, test } from 'vitest'
import { takeTurns } from './take-turns.ts'

function turns(most: number, mostOfOne: number) {
  const { take } = takeTurns(most, mostOfOne)
  const begun: string[] = []
  const leaves = new Map<string, () => void>()
  const wish = async (workspaceId: string, owner: string, signal = new AbortController().signal) => {
    const turn = await take({ workspaceId, owner, signal, deadline: Date.now() + 20_000 })
    if ('why' in turn) return
    begun.push(owner)
    leaves.set(owner, turn.leave)
  }
  const leave = async (owner: string) => {
    leaves.get(owner)!()
    await new Promise(setImmediate)
  }
  return { begun, leave, wish, settled: () => new Promise(setImmediate) }
}

test('S72 one workspace, with however many keys, leaves room for others', async () => {
  const { begun, leave, wish, settled } = turns(4, 2)
  for (const owner of ['a1', 'a2', 'a3', 'a4']) void wish('a', owner)
  await settled()
  expect(begun).toEqual(['a1', 'a2'])
  void wish('b', 'b1')
  await settled()
  expect(begun).toEqual(['a1', 'a2', 'b1'])
  await leave('a1')
  expect(begun.at(-1)).toBe('a3')
})

test('S72 whose workspace has the fewest is next', async () => {
  const { begun, leave, wish, settled } = turns(3, 2)
  for (const owner of ['a1', 'a2', 'b1']) void wish(owner[0]!, owner)
  await settled()
  for (const owner of ['b2', 'c1']) void wish(owner[0]!, owner)
  await settled()
  expect(begun).toHaveLength(3)
  await leave('a1')
  expect(begun.at(-1)).toBe('c1')
})

test('of one owner one runs at a time, and who goes away takes no turn', async () => {
  const { begun, leave, wish, settled } = turns(4, 4)
  const leaving = new AbortController()
  void wish('a', 'same')
  void wish('a', 'same', leaving.signal)
  void wish('a', 'other')
  await settled()
  expect(begun).toEqual(['same', 'other'])
  leaving.abort()
  await leave('same')
  expect(begun).toEqual(['same', 'other'])
})

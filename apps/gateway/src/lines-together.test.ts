import { expect, test } from 'vitest'
import { linesTogether } from './lines-together.ts'

test('lines are written in their order and in few pieces, and none stays behind', async () => {
  const written: string[] = []
  const { write, flush } = linesTogether((text) => void written.push(text))
  write(() => '1\n')
  write(() => '2\n')
  expect(written).toEqual([])
  await expect.poll(() => written).toEqual(['1\n2\n'])
  write(() => '3\n')
  flush()
  expect(written).toEqual(['1\n2\n', '3\n'])
  flush()
  expect(written).toHaveLength(2)
  const many = Array.from({ length: 1_000 }, (_, n) => `${n}\n`)
  for (const line of many) write(() => line)
  expect(written.slice(2).join('')).toBe(many.join(''))
})

test('several processes write to one pipe: a piece is no longer than is written at once', () => {
  const written: string[] = []
  const { write, flush } = linesTogether((text) => void written.push(text), 10)
  for (const line of ['aaaa\n', 'bbbb\n', 'cccc\n', 'a line that is longer\n']) write(() => line)
  flush()
  expect(written).toEqual(['aaaa\nbbbb\n', 'cccc\n', 'a line that is longer\n'])
})

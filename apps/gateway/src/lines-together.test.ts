import { expect, test } from 'vitest'
import { linesTogether } from './lines-together.ts'

test('lines are written in their order and in few pieces, and none stays behind', async () => {
  const written: string[] = []
  const { write, flush } = linesTogether((text) => void written.push(text))
  write('1\n')
  write('2\n')
  expect(written).toEqual([])
  await expect.poll(() => written).toEqual(['1\n2\n'])
  write('3\n')
  flush()
  expect(written).toEqual(['1\n2\n', '3\n'])
  flush()
  write('x'.repeat(70_000))
  expect(written).toHaveLength(3)
})

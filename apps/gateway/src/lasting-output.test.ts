import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { lastingOutput } from './lasting-output.ts'

/** An output whose next writes end as told, or wait until they may go on. */
function output() {
  const written: string[] = []
  const how: Array<Error | 'waits'> = []
  let goOn = () => {}
  const stream = new Writable({
    decodeStrings: false,
    write: (text, _encoding, done) => {
      const next = how.shift()
      if (!(next instanceof Error)) written.push(text)
      if (next === 'waits') goOn = done
      else done(next)
    },
    // As the standard outputs of Node do: an error does not end them.
    destroy(error, done) {
      done(error)
      ;(this as unknown as { _undestroy: () => void })._undestroy()
    },
  })
  return { stream, written, how, goOn: () => goOn() }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

test('promise 10: what an output refuses is lost and counted, and told when it takes lines again', async () => {
  const { stream, written, how } = output()
  const told: number[] = []
  const write = lastingOutput(stream, (lines) => told.push(lines))
  how.push(new Error('ENOSPC'))
  write('1\n2\n')
  await nextTurn()
  expect([written, told]).toEqual([[], []])
  write('3\n')
  await nextTurn()
  expect([written, told]).toEqual([['3\n'], [2]])
  write('4\n')
  await nextTurn()
  expect(told).toEqual([2])
})

test('promise 10: a reader that stands still costs lines and no memory', async () => {
  const { stream, how, goOn } = output()
  const told: number[] = []
  const write = lastingOutput(stream, (lines) => told.push(lines))
  how.push('waits')
  for (let n = 0; n < 100; n++) write(`${'x'.repeat(1024 * 1024)}\n`)
  await nextTurn()
  expect(stream.writableLength).toBeLessThan(6 * 1024 * 1024)
  expect(told).toEqual([])
  goOn()
  await nextTurn()
  expect(told).toHaveLength(1)
  expect(told[0]).toBeGreaterThan(90)
})

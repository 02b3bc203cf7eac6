import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { lastingOutput } from './lasting-output.ts'

/** An output whose next writes end as told, or wait. */
function output() {
  const written: string[] = []
  const how: Array<Error | 'waits'> = []
  const stream = new Writable({
    decodeStrings: false,
    write: (text, _encoding, done) => {
      const next = how.shift()
      if (next === 'waits') return
      if (!next) written.push(text)
      done(next)
    },
    // As the standard outputs of Node do: an error does not end them.
    destroy(error, done) {
      done(error)
      ;(this as unknown as { _undestroy: () => void })._undestroy()
    },
  })
  return { stream, written, how }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

test('promise 10: what an output refuses is lost and counted, and told when it takes lines again', async () => {
  const { stream, written, how } = output()
  let again = 0
  const { write, takeLost } = lastingOutput(stream, () => again++)
  how.push(new Error('ENOSPC'))
  write('1\n2\n')
  await nextTurn()
  expect([written, again]).toEqual([[], 0])
  write('3\n')
  await nextTurn()
  expect([written, again, takeLost(), takeLost()]).toEqual([['3\n'], 1, 2, 0])
})

test('promise 10: a reader that stands still costs lines and no memory', async () => {
  const { stream, how } = output()
  const { write, takeLost } = lastingOutput(stream)
  how.push('waits')
  for (let n = 0; n < 100; n++) write(`${'x'.repeat(1024 * 1024)}\n`)
  await nextTurn()
  expect(stream.writableLength).toBeLessThan(6 * 1024 * 1024)
  expect(takeLost()).toBeGreaterThan(90)
})

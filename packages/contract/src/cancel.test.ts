import { expect, test } from 'vitest'
import { abortSignalOf, createCancel } from './cancel.ts'

test('who listens is told once, in order, with the reason there; who went away is not', () => {
  const { signal, abort } = createCancel()
  const told: unknown[] = []
  const first = () => told.push('first', signal.aborted, signal.reason)
  const gone = () => told.push('gone')
  signal.addEventListener('abort', first)
  signal.addEventListener('abort', first)
  signal.addEventListener('abort', gone)
  signal.addEventListener('abort', () => told.push('last'))
  signal.removeEventListener('abort', gone)
  signal.throwIfAborted()
  abort('why')
  abort('again')
  signal.addEventListener('abort', gone)
  expect(told).toEqual(['first', true, 'why', 'last'])
  expect(() => signal.throwIfAborted()).toThrow('why')
})

test('without a reason it is the one that the platform gives', () => {
  const { signal, abort } = createCancel()
  abort()
  const platform = AbortSignal.abort().reason
  expect(signal.reason).toMatchObject({ name: platform.name, code: platform.code })
})

test("the platform's signal of one ends with it, or has ended, and one of its own is itself", () => {
  const { signal, abort } = createCancel()
  const [before, own] = [abortSignalOf(signal), new AbortController().signal]
  expect(before.aborted).toBe(false)
  abort('why')
  expect([before.aborted, before.reason]).toEqual([true, 'why'])
  expect(abortSignalOf(signal)).toMatchObject({ aborted: true, reason: 'why' })
  expect(abortSignalOf(own)).toBe(own)
})

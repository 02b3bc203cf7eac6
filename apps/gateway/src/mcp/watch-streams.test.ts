import { EventEmitter } from 'node:events'
import type { FastifyReply } from 'fastify'
import { expect, test } from 'vitest'
import { type OpenStream, watchStreams } from './watch-streams.ts'

/** As far as streams are watched. */
class Raw extends EventEmitter {
  destroyed = false
  destroy() {
    this.destroyed = true
    this.emit('close')
  }
}

function stream(callerId: string, more: Partial<OpenStream> = {}): OpenStream & { readonly isOpen: () => boolean } {
  const raw = new Raw()
  const reply = { raw } as unknown as FastifyReply
  return { reply, callerId, stillHolds: () => true, isListening: true, ...more, isOpen: () => !raw.destroyed }
}

test('S71 of those who listen with one key the newest stay; calls and other keys are left alone', () => {
  const streams = watchStreams(2)
  const call = stream('a', { isListening: false })
  const listening = [stream('a'), stream('a'), stream('b'), stream('a'), stream('a')]
  for (const one of [call, ...listening]) streams.add(one)
  expect(listening.map(({ isOpen }) => isOpen())).toEqual([false, false, true, true, true])
  expect(call.isOpen()).toBe(true)
  streams.close()
  expect([...listening.map(({ isOpen }) => isOpen()), call.isOpen()]).toEqual([false, false, false, false, false, true])
})

import { describe, expect, test } from 'vitest'
import { traceCall, traceContextOf } from './trace-call.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${trace}-00f067aa0ba902b7-01`
const id = '0b1f6f0e-7c1e-4a55-9d1c-3c5a2c0f4e11'

describe('the trace of a call', () => {
  test('is what `_meta` says, else what the request says', () => {
    const header = { traceparent: traceparent.replace('4bf9', 'ffff'), tracestate: 'a=1' }
    expect(traceContextOf({ traceparent }, header)).toEqual({ traceparent })
    expect(traceContextOf({}, header)).toEqual(header)
    expect(traceContextOf(undefined, undefined)).toBeUndefined()
  })

  test.each([
    'nonsense',
    traceparent.toUpperCase(),
    traceparent.replace(trace, '0'.repeat(32)),
    traceparent.replace('00f067aa0ba902b7', '0'.repeat(16)),
    `${traceparent}-more`,
    `${traceparent}\r\nx: y`,
    7,
  ])('S15 is none of %j', (bad) => expect(traceContextOf({ traceparent: bad }, undefined)).toBeUndefined())

  test('S15 a state that is no text of a header is left out', () =>
    expect(traceContextOf({ traceparent, tracestate: 'a=1\r\nx: y' }, undefined)).toEqual({ traceparent }))

  test('goes on to the API: as it came, or as the span of the request where that is exported', () => {
    const incoming = { traceparent, tracestate: 'a=1' }
    expect(traceCall({ id }, incoming, false)?.upstream).toEqual(incoming)
    expect(traceCall({ id }, incoming, true)).toEqual({
      told: { traceId: trace, parentSpan: '00f067aa0ba902b7', isSampled: true },
      upstream: { traceparent: `00-${trace}-0b1f6f0e7c1e4a55-01`, tracestate: 'a=1' },
    })
  })

  test('is one of its own where it came with none and traces are exported, and no trace where they are not', () => {
    expect(traceCall({ id }, undefined, false)).toBeUndefined()
    expect(traceCall({ id }, undefined, true)?.told).toEqual({
      traceId: '0b1f6f0e7c1e4a559d1c3c5a2c0f4e11',
      isSampled: true,
    })
    const inner = traceCall({ id: 'ffffffff-7c1e-4a55-9d1c-3c5a2c0f4e11', parent: id }, undefined, true)
    expect(inner?.told).toMatchObject({ traceId: '0b1f6f0e7c1e4a559d1c3c5a2c0f4e11', parentSpan: '9d1c3c5a2c0f4e11' })
  })

  test('that is not sampled stays so', () => {
    const trace = traceCall({ id }, { traceparent: traceparent.replace(/01$/, '00') }, true)
    expect([trace?.told.isSampled, trace?.upstream.traceparent.slice(-2)]).toEqual([false, '00'])
  })
})

import { expect, test } from 'vitest'
import { timeCall } from './time-call.ts'

test('a call that came through all stages tells all, and what the API sent', () => {
  const times = timeCall(performance.now())
  times.onStage('arguments')
  times.onStage('request')
  times.onRepeat()
  times.onStage('upstream', 1234)
  for (const stage of ['response', 'filter', 'result'] as const) times.onStage(stage)
  const { stages, rawBytes, retries } = times.told(performance.now())
  expect(Object.keys(stages!)).toEqual(['arguments', 'request', 'upstream', 'response', 'filter', 'result'])
  expect([rawBytes, retries]).toEqual([1234, 1])
})

test('what is left of the time belongs to the stage that ended the call', () => {
  const times = timeCall(100)
  const { stages, ...others } = times.told(142)
  expect(stages).toEqual({ arguments: 42 })
  expect(others).toEqual({})
})

import type { FinishedCall } from '@sluice/contract'
import { expect, test } from 'vitest'
import { createMetrics } from './count-metrics.ts'

const call = (more: Partial<FinishedCall>) =>
  ({ kind: 'call.finished', server: 'shop', road: 'direct', outcome: 'ok', ms: 12, ...more }) as FinishedCall

test('calls, durations and tokens are counted by server, in the words of Prometheus', () => {
  const metrics = createMetrics()
  metrics.observe(call({ tokens: { raw: 100, sent: 30 } }))
  metrics.observe(call({ ms: 7_000 }))
  metrics.observe(call({ ms: 90_000, outcome: 'timeout' }))
  const lines = metrics.text({ sluice_ready: { help: 'Ready.', type: 'gauge', value: 1 } }).split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      '# TYPE sluice_calls_total counter',
      'sluice_calls_total{server="shop",road="direct",outcome="ok"} 2',
      'sluice_calls_total{server="shop",road="direct",outcome="timeout"} 1',
      'sluice_call_duration_seconds_bucket{server="shop",le="0.01"} 0',
      'sluice_call_duration_seconds_bucket{server="shop",le="0.025"} 1',
      'sluice_call_duration_seconds_bucket{server="shop",le="60"} 2',
      'sluice_call_duration_seconds_bucket{server="shop",le="+Inf"} 3',
      'sluice_call_duration_seconds_sum{server="shop"} 97.012',
      'sluice_call_duration_seconds_count{server="shop"} 3',
      'sluice_tokens_total{server="shop",of="answered"} 100',
      'sluice_tokens_total{server="shop",of="shown"} 30',
      'sluice_ready 1',
    ]),
  )
  expect(lines.at(-1)).toBe('')
})

test('S63 no name can forge a line', () => {
  const metrics = createMetrics()
  metrics.observe(call({ outcome: 'a"} 1\nforged 2\\' as 'ok' }))
  expect(metrics.text({})).toContain('outcome="a\\"} 1\\nforged 2\\\\"} 1\n')
})

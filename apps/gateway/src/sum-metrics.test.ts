import { expect, test } from 'vitest'
import { createMetrics } from './live/count-metrics.ts'
import { gauges } from './live/gauges.ts'
import { countersOf, sumMetrics } from './sum-metrics.ts'

test('what two processes count is summed, each metric stays in one piece, and both must be ready', () => {
  const [one, other] = [createMetrics(), createMetrics()]
  const request = { kind: 'request.finished', requestId: 'r', method: 'GET', ms: 1 } as const
  one.observe({ ...request, route: '/a b', status: 200 })
  one.observe({ ...request, route: '/a b', status: 200 })
  other.observe({ ...request, route: '/a b', status: 200 })
  other.observe({ ...request, route: '/only here', status: 404 })
  const counts = { recorded: 5, dropped: 0, waiting: 1 }
  const summed = sumMetrics([one.text(gauges(counts, true)), other.text(gauges(counts, false))])
  expect(summed).toContain('sluice_http_requests_total{route="/a b",status="200"} 3\n')
  expect(summed).toContain('sluice_http_requests_total{route="/only here",status="404"} 1\n')
  expect(summed).toContain('\nsluice_calls_recorded_total 10\n')
  expect(summed).toContain('\nsluice_ready 0\n')
  const names = summed.split('\n').filter((line) => line.startsWith('# TYPE'))
  expect(names).toHaveLength(new Set(names).size)
  const requests = summed.slice(summed.indexOf('# HELP sluice_http'), summed.indexOf('# HELP sluice_ready'))
  expect(requests.match(/sluice_http_requests_total\{/g)).toHaveLength(2)
  expect(sumMetrics([one.text({})])).toBe(one.text({}))
})

test('what a process counted goes on being counted when it is gone, and nothing of what was so at the moment', () => {
  const [one, gone] = [createMetrics(), createMetrics()]
  const request = {
    kind: 'request.finished',
    requestId: 'r',
    method: 'GET',
    ms: 1,
    route: '/a b',
    status: 200,
  } as const
  one.observe(request)
  gone.observe(request)
  const counts = { recorded: 5, dropped: 0, waiting: 3 }
  const kept = countersOf(gone.text(gauges(counts, false)))
  expect(kept).not.toMatch(/sluice_ready|waiting|start_time|resident/)
  const summed = sumMetrics([one.text(gauges(counts, true)), sumMetrics(['', kept])])
  expect(summed).toContain('sluice_http_requests_total{route="/a b",status="200"} 2\n')
  expect(summed).toContain('\nsluice_calls_recorded_total 10\n')
  expect(summed).toContain('\nsluice_calls_waiting 3\n')
  expect(summed).toContain('\nsluice_ready 1\n')
  expect(kept).toMatch(/^sluice_call_duration_seconds_bucket|^# TYPE/m)
})

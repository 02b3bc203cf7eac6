import { expect, test } from 'vitest'
import { createMetrics } from './live/count-metrics.ts'
import { gauges } from './live/gauges.ts'
import { sumMetrics } from './sum-metrics.ts'

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

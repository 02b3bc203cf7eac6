import type { Installation } from '@sluice/contract'
import { expect, test } from 'vitest'
import { examineInstallation } from './examine-installation.ts'

const AT = '2026-03-14T12:00:00.000Z'
const NOW = Date.parse(AT)
const WELL: Installation = {
  version: '0.1.0',
  node: 'v24.11.0',
  time: AT,
  database: { kind: 'postgres', version: '17.5', time: AT },
  host: '127.0.0.1',
  publicUrl: 'http://127.0.0.1:8080',
  workers: 1,
  egressAllow: [],
}
const later = (ms: number) => new Date(NOW + ms).toISOString()

test('of a gateway that is well nothing is to be mended', () => {
  const findings = examineInstallation(WELL, '0.1.0', NOW)
  expect(findings.map(({ state }) => state)).toEqual(Array(5).fill('good'))
  const embedded = { ...WELL, database: { ...WELL.database, kind: 'embedded' as const } }
  expect(examineInstallation(embedded, '0.1.0', NOW)[1]!.text).toContain('sluice backup')
})

test.each<[what: string, told: Partial<Installation>, state: string, advice: RegExp]>([
  ['another version', { version: '0.2.0' }, 'warning', /gateway is Sluice 0\.2\.0, this command 0\.1\.0/],
  ['an old PostgreSQL', { database: { ...WELL.database, version: '14.9' } }, 'fault', /upgrade .* 15/],
  [
    'a database whose clock is late',
    { database: { ...WELL.database, time: later(-9_000) } },
    'warning',
    /9 s apart.*NTP/,
  ],
  [
    'clocks that agree, far from the one here',
    { time: later(90_000), database: { ...WELL.database, time: later(90_000) } },
    'warning',
    /90 s from the one here/,
  ],
  ['a network without TLS', { host: '0.0.0.0' }, 'warning', /in the clear.*PUBLIC_URL=https/],
  [
    'all of the network allowed',
    { egressAllow: ['10.1.0.0/16', '0.0.0.0/0', '::/0'] },
    'warning',
    /has 0\.0\.0\.0\/0, ::\/0:/,
  ],
])('%s is told, with what to do', (_what, told, state, advice) => {
  const bad = examineInstallation({ ...WELL, ...told }, '0.1.0', NOW).filter((one) => one.state !== 'good')
  expect(bad).toEqual([{ state, text: expect.stringMatching(advice) }])
})

test.each<[Partial<Installation>, RegExp]>([
  [{ host: '0.0.0.0', publicUrl: 'https://sluice.example.com' }, /reached at https/],
  [{ host: '::1' }, /this machine alone/],
  [{ egressAllow: ['10.0.0.0/8', 'api.local'] }, /may be called: 10\.0\.0\.0\/8, api\.local/],
])('%j is well', (told, text) => {
  const findings = examineInstallation({ ...WELL, ...told }, '0.1.0', NOW)
  expect(findings.filter(({ state }) => state !== 'good')).toEqual([])
  expect(findings.map((one) => one.text).join('\n')).toMatch(text)
})

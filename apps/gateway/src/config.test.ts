import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigFault, loadConfig, SETTINGS } from './config.ts'
import { VERSION } from './version.ts'

describe('configuration', () => {
  test('nothing configured is a gateway on loopback with the embedded database', () => {
    expect(loadConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      databaseUrl: undefined,
      masterKey: undefined,
      publicUrl: undefined,
    })
  })

  test('an empty setting is one that is not there', () =>
    expect(loadConfig({ PORT: '', PUBLIC_URL: '' }).port).toBe(8080))

  test('a secret may come as a file, and the file as the last resort', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sluice-config-')), 'url')
    writeFileSync(file, 'postgres://from-file\n')
    expect(loadConfig({ DATABASE_URL_FILE: file }).databaseUrl).toBe('postgres://from-file')
    expect(loadConfig({ DATABASE_URL_FILE: file, DATABASE_URL: 'postgres://x' }).databaseUrl).toBe('postgres://x')
    expect(() => loadConfig({ MASTER_KEY_FILE: '/no/such/file' })).toThrow(/MASTER_KEY: .*\/no\/such\/file/)
  })

  test('S40 a secret whose file is empty is missing: nothing else takes its place in silence', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sluice-config-')), 'empty')
    writeFileSync(file, '\n')
    for (const name of ['MASTER_KEY', 'DATABASE_URL', 'METRICS_KEY'])
      expect(() => loadConfig({ [`${name}_FILE`]: file })).toThrow(`${name}: the file ${file} is empty.`)
  })

  test('the URL of a database is one that the driver can read, and no fault shows it', () => {
    const local = ['postgres://u@/name?host=/var/run/postgresql', '/var/run/postgresql name', 'socket:/tmp?db=name']
    for (const url of [...local, 'postgresql://u:p%23@db:5432/name'])
      expect(loadConfig({ DATABASE_URL: url }).databaseUrl).toBe(url)
    for (const url of ['postgres://u:pa55#@db/name', 'postgres://u:pa55@db:99999/name', 'mysql://u:pa55@db/name']) {
      expect(() => loadConfig({ DATABASE_URL: url })).toThrow(/DATABASE_URL: it is no URL such as .*%23/)
      expect(() => loadConfig({ DATABASE_URL: url })).not.toThrow(/pa55/)
    }
  })

  test('hosts to serve are hosts: what no Host header says would never be served', () => {
    const hosts = ['gateway:8080', '[::1]:80', 'sluice.test']
    expect(loadConfig({ ALLOWED_HOSTS: hosts.join(',') }).allowedHosts).toEqual(hosts)
    for (const host of ['https://sluice.test', 'sluice.test/mcp', '*', '*.test'])
      expect(() => loadConfig({ ALLOWED_HOSTS: host })).toThrow(`ALLOWED_HOSTS: "${host}" is no host`)
  })

  test('an installation key is long and can be sent as a bearer token, and no fault shows it', () => {
    const key = 'k3y+/'.repeat(8)
    expect(loadConfig({}).installationKey).toBeUndefined()
    expect(loadConfig({ INSTALLATION_KEY: `${key}==` }).installationKey).toBe(`${key}==`)
    expect(() => loadConfig({ INSTALLATION_KEY: 'short-key' })).toThrow(
      /INSTALLATION_KEY: it has 9 characters.*openssl/,
    )
    expect(() => loadConfig({ INSTALLATION_KEY: `${key} ${key}` })).toThrow(/INSTALLATION_KEY: it may hold letters/)
    expect(() => loadConfig({ INSTALLATION_KEY: `${key} ${key}` })).not.toThrow(/k3y/)
  })

  test('lists and URLs are read once, in one form', () => {
    const { egressAllow, publicUrl } = loadConfig({
      EGRESS_ALLOW: ' localhost:3000 , 10.0.0.0/8,',
      PUBLIC_URL: 'https://sluice.test/base/',
    })
    expect([egressAllow, publicUrl]).toEqual([['localhost:3000', '10.0.0.0/8'], 'https://sluice.test/base'])
  })

  test('all faults are reported at once', () => {
    const faulty = { PORT: '70000', PUBLIC_URL: 'https://x.test/?a=1', CALL_TIMEOUT_MS: '60000' }
    expect(() => loadConfig(faulty)).toThrow(ConfigFault)
    expect(() => loadConfig(faulty)).toThrow(/PORT: .*\n.*PUBLIC_URL: .*\n.*CALL_TIMEOUT_MS: /)
  })

  test('several workers need a database that several processes may use', () => {
    expect(() => loadConfig({ SLUICE_WORKERS: '2' })).toThrow(/SLUICE_WORKERS: the embedded database.*DATABASE_URL/)
    expect(loadConfig({ SLUICE_WORKERS: '2', DATABASE_URL: 'postgres://x' }).workers).toBe(2)
  })

  test('headers for a collector are read as OpenTelemetry has them, and a fault shows none of them', () => {
    const of = (text: string) => loadConfig({ OTEL_EXPORTER_OTLP_HEADERS: text }).otlpHeaders
    expect(of('api-key=a%2Cb, tenant = x=y')).toEqual({ 'api-key': 'a,b', tenant: 'x=y' })
    expect(() => of('api-key=50%')).toThrow(/OTEL_EXPORTER_OTLP_HEADERS: .*%25/)
    expect(() => of('api-key=50%')).not.toThrow(/50%/)
    for (const odd of ['api key=5ecret', 'x=5ecret%0D%0Ay:z']) {
      expect(() => of(odd)).toThrow(/OTEL_EXPORTER_OTLP_HEADERS: it is no list of headers/)
      expect(() => of(odd)).not.toThrow(/5ecret/)
    }
  })

  test('no setting that is a secret has a default', () => {
    expect(Object.values(SETTINGS).filter((setting) => setting.isSecret && setting.fallback !== '')).toEqual([])
  })
})

test('the version that clients are told is the package’s', () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'package.json'), 'utf8'))
  expect(VERSION).toBe(version)
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from './support/spawned.ts'

// What can be said of the image and of compose without Docker; `scripts/test-docker.sh` runs them.

interface Service {
  readonly user?: string
  readonly profiles?: readonly string[]
  readonly depends_on?: Readonly<Record<string, unknown>>
  readonly volumes?: readonly string[]
  readonly [setting: string]: unknown
}

const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const DOCKERFILE = textOf('Dockerfile')
const COMPOSE = textOf('docker-compose.yml')
const { services, volumes }: { services: Record<string, Service>; volumes: Record<string, unknown> } = parse(COMPOSE, {
  merge: true,
})
const PROFILES = new Set(Object.values(services).flatMap(({ profiles = [] }) => profiles))

describe('S75 the image', () => {
  test('ends as another user than root, who is also the one that compose runs it as', () => {
    const last = DOCKERFILE.slice(DOCKERFILE.lastIndexOf('FROM '))
    const users = [...last.matchAll(/^USER (.*)$/gm)].map(([, user]) => user)
    expect(users).toEqual(['node'])
    expect(last.indexOf('USER node')).toBeLessThan(last.indexOf('\nCMD '))
    for (const name of ['gateway', 'replica']) expect(services[name]).not.toHaveProperty('user')
  })

  test('has the versions of the lock file, and runs no script of a package', () => {
    const installs = [...DOCKERFILE.matchAll(/\bnpm (?:ci|i|install)\b.*$/gm)].map(([line]) => line)
    expect(installs).toEqual(['npm ci --ignore-scripts --omit=optional --workspaces'])
    for (const { resolved, integrity, link } of Object.values<Record<string, unknown>>(LOCKED))
      if (resolved && !link) expect(integrity).toMatch(/^sha512-/)
  })

  test('has the manifest of each workspace that runs', () => {
    const copied = [...DOCKERFILE.matchAll(/^COPY ((?:apps|packages)\/[\w-]+)\/package\.json/gm)].map(
      ([, path]) => path,
    )
    const there = ['apps', 'packages'].flatMap((folder) =>
      readdirSync(join(ROOT, folder))
        .map((name) => `${folder}/${name}`)
        .filter((path) => existsSync(join(ROOT, path, 'package.json'))),
    )
    expect(copied.toSorted()).toEqual(there.toSorted())
  })
})

const LOCKED = JSON.parse(textOf('package-lock.json')).packages

describe('compose', () => {
  test.each(['gateway', 'replica'])('S75 the %s writes nowhere but where it is to, and can gain no rights', (name) => {
    expect(services[name]).toMatchObject({
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      pids_limit: expect.any(Number),
      mem_limit: expect.any(String),
    })
    expect(services[name]!.volumes!.filter((volume) => !volume.endsWith(':ro'))).toHaveLength(1)
  })

  test('what a service waits for or mounts is there, also with its profile', () => {
    for (const [name, { depends_on = {}, volumes: mounted = [], profiles = [] }] of Object.entries(services)) {
      for (const other of Object.keys(depends_on)) {
        expect([name, Object.keys(services)]).toEqual([name, expect.arrayContaining([other])])
        // Without the profile of the one there is none of the other either.
        for (const profile of services[other]!.profiles ?? []) expect(profiles).toContain(profile)
      }
      for (const [from] of mounted.map((volume) => volume.split(':')))
        expect([from, from!.startsWith('./') ? existsSync(join(ROOT, from!)) : from! in volumes]).toEqual([from, true])
    }
  })

  test('the proxy sends to the services that are there with it', () => {
    const [, gateways = ''] = /\{\$GATEWAYS:([^}]*)\}/.exec(textOf('scripts/Caddyfile'))!
    const names = gateways.split(' ').map((address) => address.split(':')[0]!)
    expect(names).toEqual(['gateway', 'replica'])
    for (const name of names) expect([[], services.proxy!.profiles]).toContainEqual(services[name]!.profiles ?? [])
  })

  const PAGES = [
    'README.md',
    'docker-compose.yml',
    ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ]
  const COMMAND = /((?:[A-Z_]+=\S+ )*)docker compose ((?:--profile [\w-]+ )*)(\w+)((?: [\w.-]+)?)/g
  const SHOWN = PAGES.flatMap((page) =>
    [...textOf(page).matchAll(COMMAND)].map(([command, set, profiles, verb, service]) => ({
      at: `${page}: ${command}`,
      settings: [...set!.matchAll(/([A-Z_]+)=/g)].map(([, name]) => name!),
      profiles: [...profiles!.matchAll(/--profile (\S+)/g)].map(([, name]) => name!),
      verb: verb!,
      service: service!.trim(),
    })),
  )

  test('pages show it with and without the proxy', () => {
    const ups = SHOWN.filter(({ verb }) => verb === 'up')
    expect(ups.filter(({ profiles }) => profiles.length === 0).length).toBeGreaterThan(0)
    expect(ups.filter(({ profiles }) => profiles.includes('replicas')).length).toBeGreaterThan(2)
  })

  test.each(SHOWN)('$at names what is in the file', ({ settings, profiles, verb, service }) => {
    expect(settings.filter((name) => !COMPOSE.includes(`\${${name}:-`))).toEqual([])
    expect(profiles.filter((name) => !PROFILES.has(name))).toEqual([])
    expect(['up', 'down', 'exec', 'logs', 'stop', 'build', 'pull', 'ps']).toContain(verb)
    if (verb === 'exec') expect(Object.keys(services)).toContain(service)
  })
})

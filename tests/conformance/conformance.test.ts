import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ask, listAll } from '../support/admin.ts'
import { type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'
import { installApart } from '../support/install-apart.ts'
import type { OnLoopback } from '../support/on-loopback.ts'
import { run } from '../support/spawned.ts'
import { fixtureDocument, RESOURCES, startFixture, storedOffers } from './fixture.ts'
import { openDoor } from './open-door.ts'

// The conformance suite of MCP against the real gateway, at the revisions that it has requirements for.

const INSTALL = join(import.meta.dirname, 'install')
const SUITE = join(INSTALL, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js')

const MAIN = 'tests/conformance/start-with-asking-tools.ts'

let changes = 0

/** What calls of these operations change, by the admin API, as a curator would. */
const CHANGES: Readonly<Record<string, (gateway: GatewayProcess) => Promise<unknown>>> = {
  async test_trigger_tool_change(gateway) {
    const tool = (await listAll(gateway, '/tools')).find(({ name }) => name === 'test_simple_text')
    return ask(gateway, 'PATCH', `/tools/${tool.id}`, { description: `Changed ${++changes} times.` })
  },
  test_trigger_prompt_change: (gateway) => {
    const prompt = { description: 'Changes.', messages: [{ role: 'user', text: `Changed ${++changes} times.` }] }
    return ask(gateway, 'PUT', '/servers/conformance/prompts/test_changed_prompt', prompt)
  },
}

describe('the conformance suite of MCP', () => {
  let api: OnLoopback
  let home: GatewayHome
  let gateway: GatewayProcess
  let door: OnLoopback
  const folder = mkdtempSync(join(tmpdir(), 'sluice-conformance-'))
  beforeAll(async () => {
    installApart(INSTALL, 'the conformance suite of MCP')
    api = await startFixture((operation) => CHANGES[operation]?.(gateway) ?? Promise.resolve())
    home = await newHome('embedded')
    gateway = await startGateway(home, { SAME_CALLS_PER_MINUTE: '0' }, MAIN)
    const document = { text: fixtureDocument(api.url), allow: [new URL(api.url).host], enable: 'all' }
    const { body } = await ask(gateway, 'POST', '/imports?commit=true', document)
    for (const { id, name } of await listAll(gateway, '/tools')) {
      if (name in RESOURCES) await ask(gateway, 'PATCH', `/tools/${id}`, { resource: { uri: RESOURCES[name] } })
    }
    for (const [path, offer] of Object.entries(storedOffers())) {
      const { status } = await ask(gateway, 'PUT', `/servers/${body.server.slug}/${path}`, offer)
      expect([path, status]).toEqual([path, 200])
    }
    door = await openDoor(body.url, body.accessKey)
  }, 180_000)
  afterAll(async () => {
    await door?.close()
    await gateway?.end('SIGTERM')
    await home?.remove()
    await api?.close()
    rmSync(folder, { recursive: true })
  })

  test.each(['2025-11-25', '2026-07-28'])(
    'what revision %s requires is met, but for what is expected to fail; and that does fail',
    async (revision) => {
      const expected = join(import.meta.dirname, `expected-failures-${revision}.yml`)
      const output = join(folder, revision)
      const args = [
        'server',
        '--url',
        door.url,
        '--requirements',
        revision,
        '--expected-failures',
        expected,
        '-o',
        output,
      ]
      const { code, stdout, stderr } = await run(process.execPath, [SUITE, ...args])
      const required = parse(readFileSync(join(SUITE, '..', '..', 'requirements', `${revision}.yaml`), 'utf8')).server
      const ran = readdirSync(output)
      expect(code, `${stdout}\n${stderr}`.slice(-6000)).toBe(0)
      // What did not run did not pass.
      for (const scenario of required) expect(ran.some((name) => name.includes(scenario))).toBe(true)
    },
    240_000,
  )
})

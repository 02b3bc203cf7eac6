import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GatewayHome, type GatewayProcess, newHome, startGateway } from '../support/gateway-process.ts'

const CHROMIUM = '/usr/bin/chromium'

let home: GatewayHome
let gateway: GatewayProcess
beforeAll(async () => {
  home = await newHome('embedded')
  gateway = await startGateway(home)
})
afterAll(async () => {
  await gateway.end('SIGTERM')
  await home.remove()
})

test('it needs no key, and says what it may load', async () => {
  const moved = await fetch(`${gateway.url}/api/v1/reference`, { redirect: 'manual' })
  expect([moved.status, moved.headers.get('location')]).toEqual([301, 'reference/'])
  const page = await fetch(`${gateway.url}/api/v1/reference`)
  expect([page.status, page.url]).toEqual([200, `${gateway.url}/api/v1/reference/`])
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self' 'sha256-[^']+';/)
  expect(page.headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe/)
})

describe.skipIf(!existsSync(CHROMIUM))(
  `in Chromium (${existsSync(CHROMIUM) ? CHROMIUM : 'not installed here: skipped'})`,
  () => {
    test('shows every resource, and asks nobody else for anything', async () => {
      const profile = mkdtempSync(join(tmpdir(), 'sluice-chromium-'))
      const args = [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
      ]
      const browser = await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args })
      const elsewhere: string[] = []
      const errors: string[] = []
      browser.on('request', (request) => {
        if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(gateway.url))
          elsewhere.push(request.url())
      })
      browser.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text())
      })
      const page = await browser.newPage()
      await page.goto(`${gateway.url}/api/v1/reference`)
      await page.getByText('Import an OpenAPI or Swagger document').first().waitFor()
      for (const resource of ['upstreams', 'tools', 'servers', 'access keys', 'credentials'])
        expect(await page.getByText(new RegExp(`^${resource}$`, 'i')).count()).toBeGreaterThan(0)
      expect([elsewhere, errors]).toEqual([[], []])
      await browser.close()
      rmSync(profile, { recursive: true, force: true })
    })
  },
)

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { testCertificate } from '../packages/egress/src/test-certificate.ts'
import { freePort } from './support/free-port.ts'
import { installed } from './support/installed.ts'
import { cleanEnv, ROOT, run } from './support/spawned.ts'

// What the page on TLS shows of Caddy and nginx is read by them.

const PAGE = readFileSync(join(ROOT, 'docs/how-to/put-tls-in-front.md'), 'utf8')
const CADDY = installed('caddy')
const NGINX = installed('nginx')
for (const [name, path] of Object.entries({ Caddy: CADDY, nginx: NGINX }))
  if (!path) console.log(`${name} is not installed: what the page on TLS shows of it is not tested.`)

const folder = mkdtempSync(join(tmpdir(), 'sluice-proxy-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The one block of code of a language. */
function shownAs(language: string): string {
  const blocks = [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))]
  expect(blocks).toHaveLength(1)
  return blocks[0]![1]!
}

function saved(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

test.runIf(CADDY).each(['Caddyfile of the page', 'scripts/Caddyfile'])(
  '%s is taken, as it is and well formed',
  async (which) => {
    const text = which.startsWith('scripts') ? readFileSync(join(ROOT, which), 'utf8') : shownAs('caddyfile')
    expect(text).toContain('health_uri /health/ready')
    const file = saved('Caddyfile', text)
    const { code, stdout, stderr } = await run(
      CADDY!,
      ['adapt', '--config', file, '--adapter', 'caddyfile', '--validate'],
      {
        env: cleanEnv({ XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, HOME: folder }),
      },
    )
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/"level":"(warn|error)"|not formatted/)])
    const [proxy] = JSON.stringify(JSON.parse(stdout)).match(/\{[^{}]*"handler":"reverse_proxy".*/) ?? []
    expect(proxy).toContain('"flush_interval":-1')
  },
)

test.runIf(NGINX)('the nginx configuration of the page is taken', async () => {
  const text = shownAs('nginx')
  expect(text).toContain('proxy_buffering off;')
  const { key, cert } = testCertificate()
  const server = text
    .replace('listen 443 ', `listen 127.0.0.1:${await freePort()} `)
    .replace('/etc/ssl/sluice.pem', saved('sluice.pem', cert))
    .replace('/etc/ssl/sluice.key', saved('sluice.key', key))
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  )
  const logs = `access_log off;\nerror_log stderr;`
  const file = saved('nginx.conf', `pid ${folder}/pid;\nevents {}\nhttp {\n${logs}\n${places.join('\n')}\n${server}}\n`)
  const { code, stderr } = await run(NGINX!, ['-t', '-p', folder, '-c', file])
  expect([code, stderr]).toEqual([0, expect.stringContaining('test is successful')])
  expect(stderr).not.toContain('[warn]')
})

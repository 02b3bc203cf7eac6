import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cleanFolder, removeFolder } from './support/clean-folder.ts'
import { followPage, type Reader } from './support/follow-page.ts'
import { freePort } from './support/free-port.ts'
import { cleanEnv, run, type Spawned, spawned } from './support/spawned.ts'

// Pages that are followed word by word, one after the other, in a folder that has what a clone has: each file is saved, each
// command run, and what comes is what the page shows.

let folder: string
let reader: Reader
let api: Server
let collector: Server
let gateway: Spawned | undefined
let orders: Spawned | undefined
const exported: string[] = []

beforeAll(async () => {
  folder = cleanFolder()
  api = await listening(keyedApi())
  collector = await listening(
    createServer((request, response) => {
      exported.push(request.url!)
      request.resume()
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    }),
  )
  const port = String(await freePort())
  const env = { PORT: port }
  const instead = {
    ':8080': `:${port}`,
    ':4000': `:${await freePort()}`,
    '(4000,': '(Number(process.env.API_PORT),',
    ':4100': `:${portOf(api)}`,
    ':4318': `:${portOf(collector)}`,
  }
  const apiPort = instead[':4000'].slice(1)
  const shell = (commands: string) => ['bash', '-euo', 'pipefail', '-c', commands]
  const start = (commands: string) => spawned([], { ...env, API_PORT: apiPort }, shell(`exec ${commands}`), folder)
  reader = {
    folder,
    instead,
    run: (commands) => run('bash', shell(commands).slice(1), { cwd: folder, env: cleanEnv(env) }),
    start: (commands) => {
      if (commands === 'node orders.mjs\n') {
        orders = start(commands)
        return orders.firstLine
      }
      const [, settings, program] = /^((?:\w+=\S+ )*)(npm start)\n$/.exec(commands) ?? []
      return program === undefined ? undefined : restart(() => start(`env ${settings}npm start -s`))
    },
  }
})
afterAll(async () => {
  await stopGateway()
  await orders?.end('SIGINT')
  for (const server of [api, collector]) server.close()
  removeFolder(folder)
})

/** What runs is ended as with Ctrl-C: the embedded database belongs to one process. */
async function restart(start: () => Spawned): Promise<string> {
  await stopGateway()
  gateway = start()
  return gateway.firstLine
}

async function stopGateway(): Promise<void> {
  const running = gateway
  gateway = undefined
  await running?.end('SIGINT')
}

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

/** An API that wants another credential at each path, and gives access tokens. */
function keyedApi(): Server {
  const basic = `Basic ${Buffer.from('ada:the-password').toString('base64')}`
  return createServer((request, response) => {
    const { authorization, ...headers } = request.headers
    const isLetIn: Readonly<Record<string, boolean>> = {
      '/key': headers['x-shop-key'] === 'the-key',
      '/token': authorization === 'Bearer the-token',
      '/login': authorization === basic,
      '/client': authorization === 'Bearer got',
      '/open': true,
      '/oauth/token': true,
    }
    const seen = { tenant: headers['x-tenant'], account: headers['x-account'], signature: headers['x-signature'] }
    const answer = request.url === '/oauth/token' ? { access_token: 'got', token_type: 'Bearer', expires_in: 60 } : seen
    request.resume()
    response.writeHead(isLetIn[request.url!] ? 200 : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer))
  })
}

test('the tutorial, from a clone to an agent’s first call', async () => {
  await followPage('docs/tutorials/first-call.md', reader)
}, 120_000)

test('how to watch calls', async () => {
  await followPage('docs/how-to/watch-calls.md', reader)
  expect(readFileSync(join(folder, 'calls.csv'), 'utf8')).toMatch(/^[\s\S]*get_order/)
}, 120_000)

test('how to move from another bridge', async () => {
  await followPage('docs/how-to/move-from-another-bridge.md', reader)
}, 60_000)

test('how to use credentials, each kind that there is', async () => {
  const secrets = { key: 'the-key', token: 'the-token', password: 'the-password', tenant: 'acme', signing: 'abc' }
  for (const [name, secret] of Object.entries(secrets)) writeFileSync(join(folder, `${name}.txt`), secret)
  await followPage('docs/how-to/use-credentials.md', reader)
}, 120_000)

test('how to put TLS in front; traces and metrics of before have reached the collector', async () => {
  await followPage('docs/how-to/put-tls-in-front.md', reader)
  // The gateway that an earlier page started has ended, and told what it had left.
  expect([...new Set(exported)].toSorted()).toEqual(['/v1/metrics', '/v1/traces'])
}, 60_000)

// `npm run bench -- giants`: 20,000 tools in one installation, 17,000 of them of one document of 47 MB.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type BookshopApi, startBookshop } from '../../examples/bookshop/api.ts'
import { makeGiant } from '../corpus/make-giant.ts'
import { ask } from '../support/admin.ts'
import { connectV2, type McpClient } from '../support/mcp-clients.ts'
import { startPostgres } from '../support/postgres.ts'
import { startUnlimitedGateway } from '../support/unlimited-gateway.ts'
import { type MeasuredGateway, startMeasured, timeCalls } from './measured-gateway.ts'
import { median } from './median.ts'
import { residentMb, watchMemory } from './memory-slope.ts'
import type { PostedImport } from './post-import.ts'
import { quantile } from './quantile.ts'

const DOCUMENTS = [
  { upstream: 'smaller', operations: 5_000 },
  { upstream: 'giant', operations: 17_000 },
] as const
const REST_MS = 4_000
const GIVEN_BACK_MS = 20_000
const SEARCHES = ['list calendar devices', 'delete a policy', 'update the profile of a group', 'xylophone quartz']
const STARTS = 3

/** On the embedded database and on PostgreSQL; true. */
export async function benchGiants(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-giants-'))
  const api = createServer((_request, response) =>
    response.setHeader('content-type', 'application/json').end('{"id":"1"}'),
  )
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  const { port } = api.address() as { port: number }
  const files = DOCUMENTS.map(({ upstream, operations }) => {
    const file = join(folder, upstream)
    const place = {
      baseUrl: `http://127.0.0.1:${port}`,
      allow: [`127.0.0.1:${port}`],
    }
    writeFileSync(file, JSON.stringify({ text: makeGiant(operations), ...place }))
    return file
  })
  const shop = await startBookshop()
  await measureOn('embedded', {}, files, shop)
  const postgres = await startPostgres()
  if (postgres) await measureOn('postgres', { DATABASE_URL: postgres.url }, files, shop)
  else console.log('PostgreSQL is not installed: measured on the embedded database only.')
  postgres?.stop()
  await shop.close()
  api.close()
  rmSync(folder, { recursive: true, force: true })
  return true
}

async function measureOn(
  database: string,
  env: Readonly<Record<string, string>>,
  files: readonly string[],
  shop: BookshopApi,
): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-giants-data-'))
  const kept = { ...env, DATA_DIR: dataDir }
  console.log(`\n${database}`)
  await tellStarts('nothing stored', kept)
  const measured = await startMeasured(kept, shop)
  const quiet = await timeCalls(measured.agent, pause(REST_MS))
  const [smaller, giant] = DOCUMENTS
  const [smallerFile, giantFile] = files
  const served = await tellImport(`${smaller.operations} operations`, measured, quiet, smallerFile!, smaller.upstream)
  await searchOnce(served)
  await tellServed('5,000 tools', measured)
  const first = await tellImport(`${giant.operations} operations`, measured, quiet, giantFile!, giant.upstream)
  await tellImport('the same again', measured, quiet, giantFile!, giant.upstream)
  await tellServed('22,000 tools', measured)
  await tellRoads(measured, first)
  await measured.close()
  await tellStarts('22,000 tools stored', kept)
  rmSync(dataDir, { recursive: true, force: true })
}

/** Seconds from nothing to the first answered call of an agent, of several starts. */
async function tellStarts(what: string, env: Readonly<Record<string, string>>): Promise<void> {
  const seconds: number[] = []
  let megabytes = 0
  for (let round = 0; round < STARTS; round++) {
    const started = performance.now()
    const gateway = await startUnlimitedGateway(env)
    seconds.push((performance.now() - started) / 1000)
    megabytes = residentMb(gateway.child.pid) ?? Number.NaN
    await gateway.close()
  }
  console.log(`start, ${what}: ready in ${median(seconds).toFixed(2)} s, ${megabytes.toFixed(0)} MB`)
}

async function tellImport(
  what: string,
  { agent, gateway, post, heldMs }: MeasuredGateway,
  quiet: readonly number[],
  file: string,
  upstream: string,
): Promise<PostedImport> {
  await heldMs()
  const memory = watchMemory(gateway.child.pid, 100)
  const importing = post(file, upstream)
  const meanwhile = await timeCalls(agent, importing)
  const posted = await importing
  memory.stop()
  const most = Math.max(...memory.samples.map(({ own, children }) => own + children))
  const [rest, busy] = [quantile(quiet, 0.99), quantile(meanwhile, 0.99)]
  console.log(
    `import, ${what}: ${posted.seconds.toFixed(1)} s, at most ${most.toFixed(0)} MB with its children; p99 of ${meanwhile.length} calls ${rest.toFixed(1)} ms at rest, ${busy.toFixed(1)} meanwhile, ${(busy / rest).toFixed(1)} times; loop held ${(await heldMs()).toFixed(1)} ms`,
  )
  return posted
}

/** Right after its import, and once it has come to rest: the engine gives back what it does not need after some seconds. */
async function tellServed(what: string, { gateway }: MeasuredGateway): Promise<void> {
  const megabytes = () => (residentMb(gateway.child.pid) ?? Number.NaN).toFixed(0)
  const busy = megabytes()
  await pause(GIVEN_BACK_MS)
  console.log(`serving ${what}: ${busy} MB, and ${megabytes()} MB at rest, without its children`)
}

/** So that the tools are served, not only stored. */
async function searchOnce({ url, accessKey }: PostedImport): Promise<void> {
  const agent = await connectV2({ url, accessKey: accessKey! }, { pin: '2026-07-28' })
  await agent.listTools()
  await agent.callTool('search_tools', { query: SEARCHES[0]! })
  await agent.close()
}

/** A tool of the giant by `search` and by `code`: found, and called. */
async function tellRoads({ gateway, heldMs }: MeasuredGateway, { url, accessKey }: PostedImport): Promise<void> {
  await heldMs()
  const agent = await connectV2({ url, accessKey: accessKey! }, { pin: '2026-07-28' })
  const list = JSON.stringify(await agent.listTools()).length
  const first = await timed(() => agent.callTool('search_tools', { query: SEARCHES[0]! }))
  console.log(
    `search: a list of ${list} characters, the first search ${first.ms.toFixed(0)} ms, loop held ${(await heldMs()).toFixed(1)} ms`,
  )
  for (const query of SEARCHES) {
    const found = await timed(() => agent.callTool('search_tools', { query }))
    console.log(`search, "${query}": ${found.ms.toFixed(1)} ms`)
  }
  const name = /"name":\s*"(\w*list\w*)"|(\w*list\w*)\(/i.exec(first.text)!.slice(1).find(Boolean)!
  const called = await timed(() => agent.callTool('call_tool', { name, arguments: {} }))
  console.log(`call_tool ${name}: ${called.ms.toFixed(1)} ms, ${called.text.slice(0, 60)}`)
  await agent.close()
  await ask(gateway, 'PATCH', `/servers/${url.split('/').at(-1)}`, { mode: 'code' })
  const coder = await connectV2({ url, accessKey: accessKey! }, { pin: '2026-07-28' })
  const ran = await timed(() => coder.callTool('run_code', { code: `return (await api.${name}({})).status` }))
  console.log(
    `run_code: ${ran.ms.toFixed(1)} ms, ${ran.text.slice(0, 60)}; loop held ${(await heldMs()).toFixed(1)} ms`,
  )
  await coder.close()
}

async function timed(call: () => ReturnType<McpClient['callTool']>): Promise<{ ms: number; text: string }> {
  const started = performance.now()
  const { text } = await call()
  return { ms: performance.now() - started, text: text ?? '' }
}

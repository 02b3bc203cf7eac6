// One server of the bench `wire`, in a process of its own: it tells its port.
import { createWriteStream } from 'node:fs'
import type { Observe } from '@sluice/contract'
import type { CatalogRows } from '@sluice/store'
import Fastify from 'fastify'
import { createApp } from '../../apps/gateway/src/app.ts'
import { loadConfig } from '../../apps/gateway/src/config.ts'
import { lastingOutput } from '../../apps/gateway/src/lasting-output.ts'
import { linesTogether } from '../../apps/gateway/src/lines-together.ts'
import { buildCatalog } from '../../apps/gateway/src/live/build-catalog.ts'
import { createCallRecorder } from '../../apps/gateway/src/live/record-calls.ts'
import { untouchedTool } from '../../apps/gateway/src/live/untouched-tool.ts'
import { createObserve } from '../../apps/gateway/src/observe.ts'
import { createServing } from '../../apps/gateway/src/serving.ts'
import { importSpec } from '../../packages/openapi/src/index.ts'
import { hashKey } from '../../packages/store/src/index.ts'
import { ACCESS_KEY, ANSWER, listedTools, resultOf, TOOLS } from './wire-load.ts'

const [variant = 'call'] = process.argv.slice(2)

const app = variant.startsWith('bare') ? bareApp() : await gatewayApp()
await app.listen({ host: '127.0.0.1', port: 0 })
const { port } = app.server.address() as { port: number }
process.send!({ port })
process.on('disconnect', () => process.exit(0))

/** The least that a server in Fastify does: it reads JSON, and answers what is made already. */
function bareApp() {
  const bare = Fastify({ logger: false })
  const list = Buffer.from(resultOf({ tools: listedTools() }))
  const answer = resultOf({ content: [{ type: 'text', text: ANSWER }], isError: false })
  bare.post('/mcp/bench', async (request, reply) => {
    const { method } = request.body as { method: string }
    reply.header('content-type', 'application/json')
    return reply.send(method === 'tools/list' ? list : answer)
  })
  return bare
}

/** All of the gateway but for network and database: what an API would answer is a constant. `quiet`: without log and record. */
async function gatewayApp() {
  const config = loadConfig({ MCP_ENGINE: variant === 'sdk' ? 'sdk' : 'fast' })
  const observe = variant === 'quiet' ? () => {} : observing()
  const serving = createServing(config, observe, {
    openSecret: () => '',
    renewSecret: async () => {},
    sessionKey: Buffer.alloc(32),
  })
  const body = Buffer.from(ANSWER)
  const headers = [['content-type', 'application/json']] as const
  const send = async () => ({ status: 200, headers, body })
  const catalog = buildCatalog(rows())
  const key = { id: 'k', workspaceId: 'w', name: 'bench', expiresAt: null, serverIds: new Set(['s']) }
  const keys = { keysByHash: new Map([[hashKey(ACCESS_KEY), key]]), issuersByServer: new Map() }
  return createApp({
    hosts: () => ({ has: () => true }),
    isStopping: () => false,
    observe,
    health: { notReady: async () => undefined },
    mcp: {
      host: serving.host,
      accessTokens: serving.accessTokens,
      serve: { ...serving.serve, calls: { ...serving.serve.calls, send } },
      keys: () => keys,
      serverId: () => 's',
      catalog: async () => catalog,
      keyUsed: () => {},
      publicUrl: () => 'http://127.0.0.1',
    },
  })
}

/** The log, and the record up to the database. */
function observing(): Observe {
  const lines = linesTogether(lastingOutput(createWriteStream('/dev/null')))
  const log = createObserve('json', lines.write)
  const recorder = createCallRecorder(async (calls) => void JSON.stringify(calls), log)
  return (observation) => {
    log(observation)
    if (observation.kind === 'call.finished') recorder.record(observation)
  }
}

function rows(): CatalogRows {
  const { operations } = importSpec({ text: TOOLS }, { countTokens: () => 1 })
  return {
    server: {
      id: 's',
      workspaceId: 'w',
      slug: 'bench',
      name: 'Bench',
      mode: 'direct',
      codeCalls: 'read-only',
      instructions: '',
      limits: null,
      revision: 1,
    },
    upstreams: [{ id: 'u', slug: 'api', baseUrl: 'https://api.test', allow: [], securitySchemes: {}, credentials: [] }],
    secrets: new Map(),
    composites: [],
    resources: [],
    prompts: [],
    tools: operations.map((derived) => untouchedTool(derived.name, 'u', derived)),
  }
}

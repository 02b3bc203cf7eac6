import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { BookshopApi } from '../../examples/bookshop/api.ts'
import { importBookshop } from '../support/admin.ts'
import { connectV2, type McpClient } from '../support/mcp-clients.ts'
import { startUnlimitedGateway, type UnlimitedGateway } from '../support/unlimited-gateway.ts'
import type { ImportToPost, PostedImport } from './post-import.ts'

/** Between two calls, so that the gateway is far from busy. */
const PAUSE_MS = 5

/** A gateway of its own process, and an agent that calls a tool of the bookshop. */
export interface MeasuredGateway {
  readonly gateway: UnlimitedGateway
  readonly agent: McpClient
  /** Imports a body for an upstream. `file` holds the JSON. */
  readonly post: (file: string, upstream: string) => Promise<PostedImport>
  /** Milliseconds that the gateway's event loop was held at most since the last time. */
  readonly heldMs: () => Promise<number>
  readonly close: () => Promise<void>
}

export async function startMeasured(
  env: Readonly<Record<string, string>>,
  shop: BookshopApi,
): Promise<MeasuredGateway> {
  const gateway = await startUnlimitedGateway(env, ['./tests/bench/loop-delay.mjs'])
  const { child } = gateway
  const report = await importBookshop(gateway, shop)
  const agent = await connectV2({ url: report.url!, accessKey: report.accessKey! }, { pin: '2026-07-28' })
  const poster = fork(new URL('post-import.ts', import.meta.url))
  return {
    gateway,
    agent,
    post: async (file, upstream) => {
      const url = `${gateway.url}/api/v1/imports?commit=true&upstream=${upstream}`
      poster.send({ url, adminKey: gateway.adminKey, file } satisfies ImportToPost)
      const [posted] = (await once(poster, 'message')) as [PostedImport]
      if (posted.fault) throw new Error(`${upstream} was answered ${posted.fault}`)
      return posted
    },
    heldMs: async () => {
      const from = child.output.stderr.length
      process.kill(child.pid, 'SIGUSR2')
      for (;;) {
        const told = /"heldMs":([\d.]+)/.exec(child.output.stderr.slice(from))
        if (told) return Number(told[1])
        await pause(10)
      }
    },
    close: async () => {
      poster.disconnect()
      await agent.close()
      await gateway.close()
    },
  }
}

/** Milliseconds of one call after the other, until something is done. */
export async function timeCalls(agent: McpClient, until: Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  let isDone = false
  const done = until.finally(() => {
    isDone = true
  })
  while (!isDone) {
    const started = performance.now()
    const { isError, text } = await agent.callTool('search_books', {})
    if (isError) throw new Error(`a call failed: ${text}`)
    times.push(performance.now() - started)
    await pause(PAUSE_MS)
  }
  await done
  return times
}

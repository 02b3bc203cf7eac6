import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Observe } from '@sluice/contract'
import type { FastifyInstance } from 'fastify'
import type { AppDeps } from './app.ts'
import type { Config } from './config.ts'
import { allowedHosts } from './guard-host.ts'

/** A process that serves. */
export interface Running {
  /** Where people and clients reach it. */
  readonly url: string
  /** Ends calls in flight within ten seconds, then closes everything. */
  readonly stop: (reason: string) => Promise<void>
}

/** The port is taken by another process. */
export class PortInUse extends Error {
  constructor(port: number) {
    super(`Port ${port} is in use. Stop what listens there, or set another: PORT=${port + 1}`)
    this.name = 'PortInUse'
  }
}

export interface ListenParts {
  /** How the database is called in the first line of the log. */
  readonly database: string
  readonly createApp: (about: Pick<AppDeps, 'hosts'> & { readonly publicUrl: () => string }) => Promise<FastifyInstance>
  /** Ends the calls that are still in flight. */
  readonly giveUp: () => void
  /** Called once, when the last call has ended. A start that fails is cleaned up by who asked for it. */
  readonly close: () => Promise<void>
}

/** Milliseconds that calls in flight are given at a stop, before they are ended. */
const DRAIN_MS = 7_000
/** Milliseconds after which connections are cut, whatever is still being sent on them. */
const CUT_MS = 9_000

/**
 * Opens the port. The public URL may hold the port that was taken, so the app asks for it when it needs it.
 * @throws PortInUse
 */
export async function listen(
  config: Pick<Config, 'host' | 'port' | 'publicUrl' | 'allowedHosts'>,
  observe: Observe,
  parts: ListenParts,
): Promise<Running> {
  let url = config.publicUrl ?? ''
  let hosts = allowedHosts({ publicUrl: 'http://localhost', port: config.port, configured: config.allowedHosts })
  const app = await parts.createApp({ publicUrl: () => url, hosts: () => hosts })
  const closeUnused = watchUnused(app.server)
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    await app.close()
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? new PortInUse(config.port) : error
  }
  const { port } = app.server.address() as { port: number }
  url = config.publicUrl ?? `http://${printable(config.host)}:${port}`
  hosts = allowedHosts({ publicUrl: url, port, configured: config.allowedHosts })
  observe({ kind: 'gateway.listening', url, database: parts.database })
  return { url, stop: onceOnly((reason) => stop(app, reason, observe, { ...parts, closeUnused })) }
}

/** Closes the connections on which nothing was asked yet: browsers open some ahead, and a stop would wait for them. */
function watchUnused(server: Server): () => void {
  const unused = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  server.on('request', ({ socket }) => unused.delete(socket))
  return () => {
    for (const socket of unused) socket.destroy()
  }
}

/** An address that a client can connect to: the one for all interfaces is none. */
function printable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

async function stop(
  app: FastifyInstance,
  reason: string,
  observe: Observe,
  parts: ListenParts & { readonly closeUnused: () => void },
): Promise<void> {
  observe({ kind: 'gateway.stopping', reason })
  const timers = [setTimeout(parts.giveUp, DRAIN_MS), setTimeout(() => app.server.closeAllConnections(), CUT_MS)]
  const closed = app.close()
  parts.closeUnused()
  await closed
  for (const timer of timers) clearTimeout(timer)
  await parts.close()
  observe({ kind: 'gateway.stopped' })
}

function onceOnly(run: (reason: string) => Promise<void>): (reason: string) => Promise<void> {
  let running: Promise<void> | undefined
  return (reason) => {
    running ??= run(reason)
    return running
  }
}

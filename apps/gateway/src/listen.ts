import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Observe } from '@sluice/contract'
import type { FastifyInstance } from 'fastify'
import type { AppDeps } from './app.ts'
import type { Config } from './config.ts'
import { allowedHosts } from './guard-host.ts'
import { STOP } from './stopped.ts'

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

/** The port cannot be opened: the address is not of this machine, or the port is for those with more rights. */
export class CannotListen extends Error {
  constructor({ host, port }: Pick<Config, 'host' | 'port'>, cause: Error) {
    const advice = 'Set HOST to an address of this machine, and PORT to one that this user may open.'
    super(`Nothing can listen on ${printable(host)}:${port} (${cause.message}). ${advice}`, { cause })
    this.name = 'CannotListen'
  }
}

export interface ListenParts {
  /** How the database is called in the first line of the log. */
  readonly database: string
  readonly createApp: (
    about: Pick<AppDeps, 'hosts' | 'isStopping'> & { readonly publicUrl: () => string },
  ) => Promise<FastifyInstance>
  /** Ends the calls that are still in flight. */
  readonly giveUp: () => void
  /** Called once, when the last call has ended. A start that fails is cleaned up by who asked for it. */
  readonly close: () => Promise<void>
}

/** Milliseconds that calls in flight are given at a stop, before they are ended. */
const DRAIN_MS = 7_000
/** Milliseconds after which connections are cut, whatever is still being sent on them. */
const CUT_MS = 9_000
/** Why a gateway ends while somebody else serves on, or will. */
const IN_TRAFFIC: ReadonlySet<string> = new Set(['SIGTERM', STOP])
/** Milliseconds in which a client that has just connected may still ask; what it was refused then would be lost without a word. */
const UNUSED_MS = 300

/**
 * Opens the port. The public URL may hold the port that was taken, so the app asks for it when it needs it.
 * @throws PortInUse, CannotListen
 */
export async function listen(
  config: Pick<Config, 'host' | 'port' | 'publicUrl' | 'allowedHosts' | 'stopDelayMs'>,
  observe: Observe,
  parts: ListenParts,
): Promise<Running> {
  let url = config.publicUrl ?? ''
  let hosts = allowedHosts({ publicUrl: 'http://localhost', port: config.port, configured: config.allowedHosts })
  let isStopping = false
  const app = await parts.createApp({ publicUrl: () => url, hosts: () => hosts, isStopping: () => isStopping })
  const closeUnused = watchUnused(app.server)
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    await app.close()
    throw whyNot(config, error as NodeJS.ErrnoException)
  }
  const { port } = app.server.address() as { port: number }
  url = config.publicUrl ?? `http://${printable(config.host)}:${port}`
  hosts = allowedHosts({ publicUrl: url, port, configured: config.allowedHosts })
  observe({ kind: 'gateway.listening', url, database: parts.database })
  const sendElsewhere = () => {
    isStopping = true
  }
  const ending = { ...parts, closeUnused, sendElsewhere, delayMs: config.stopDelayMs }
  return { url, stop: onceOnly((reason) => stop(app, reason, observe, ending)) }
}

function whyNot(config: Pick<Config, 'host' | 'port'>, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EADDRINUSE') return new PortInUse(config.port)
  return error.syscall === undefined ? error : new CannotListen(config, error)
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
  parts: ListenParts & {
    readonly closeUnused: () => void
    readonly sendElsewhere: () => void
    readonly delayMs: number
  },
): Promise<void> {
  observe({ kind: 'gateway.stopping', reason })
  parts.sendElsewhere()
  // A port or a connection that is closed just when a call comes loses the call: balancers and clients are told before.
  if (IN_TRAFFIC.has(reason) && (await isConnected(app.server))) await pause(parts.delayMs)
  const timers = [setTimeout(parts.giveUp, DRAIN_MS), setTimeout(() => app.server.closeAllConnections(), CUT_MS)]
  const closed = app.close()
  timers.push(setTimeout(parts.closeUnused, UNUSED_MS))
  await closed
  for (const timer of timers) clearTimeout(timer)
  await parts.close()
  observe({ kind: 'gateway.stopped' })
}

function isConnected(server: Server): Promise<boolean> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count > 0)))
}

function onceOnly(run: (reason: string) => Promise<void>): (reason: string) => Promise<void> {
  let running: Promise<void> | undefined
  return (reason) => {
    running ??= run(reason)
    return running
  }
}

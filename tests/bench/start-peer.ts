import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { installApart } from '../support/install-apart.ts'
import { type Spawned, spawned } from '../support/spawned.ts'
import type { Ask, Asked } from './measure-calls.ts'

const INSTALL = join(import.meta.dirname, 'install')
const MODULES = join(INSTALL, 'node_modules')
const VENV = join(MODULES, '.venv')
const GENERATED = join(MODULES, '.generated')
const MOST_STARTING_MS = 60_000

/** A bridge that is not ours. */
export interface Peer {
  readonly name: string
  /** Prepares what serves a document, and says how it is started. */
  readonly command: (document: string, port: number) => readonly string[]
}

/** Those that could be installed. */
export function installPeers(): Peer[] {
  installApart(INSTALL, 'other bridges in tests/bench/install, 230 MB')
  const npm = (how: string) => (document: string, port: number) => [
    process.execPath,
    join(INSTALL, 'serve-fastmcp.mjs'),
    document,
    String(port),
    how,
  ]
  const python = (how: string) => (document: string, port: number) => [
    join(VENV, 'bin', 'python'),
    join(INSTALL, 'serve-fastmcp.py'),
    document,
    String(port),
    how,
  ]
  const ofNode: Peer[] = [
    { name: 'fastmcp (npm), as it comes', command: npm('default') },
    { name: 'fastmcp (npm), tuned', command: npm('tuned') },
    { name: 'openapi-mcp-generator, as it comes', command: generated },
  ]
  if (!installPython()) return ofNode
  return [
    ...ofNode,
    { name: 'fastmcp (PyPI), as it comes', command: python('default') },
    { name: 'fastmcp (PyPI), tuned', command: python('tuned') },
  ]
}

/** False, and said to be, where there is no Python that can make environments. */
function installPython(): boolean {
  const stamp = join(VENV, '.installed')
  const wanted = readFileSync(join(INSTALL, 'requirements.txt'), 'utf8')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true
  const pip = [join(VENV, 'bin', 'pip'), 'install', '--quiet', '-r', join(INSTALL, 'requirements.txt')]
  for (const [command, ...args] of [['python3', '-m', 'venv', VENV], pip]) {
    if (spawnSync(command!, args, { stdio: 'inherit' }).status === 0) continue
    console.log(`fastmcp of PyPI is left out: ${command} did not succeed.`)
    return false
  }
  writeFileSync(stamp, wanted)
  return true
}

/**
 * A project that is made of the document, and built. It has nothing that tunes it. With the newest versions that it takes it ends at
 * its first request (Hono's server 1.19 and the SDK 1.32), so that of Hono and the SDK older ones are installed.
 */
function generated(document: string, port: number): string[] {
  rmSync(GENERATED, { recursive: true, force: true })
  const bin = (name: string) => join(MODULES, '.bin', name)
  const make = [bin('openapi-mcp-generator'), '-i', document, '-o', GENERATED, '-t', 'streamable-http', '-p', `${port}`]
  for (const [command, ...args] of [make, [bin('tsc'), '-p', GENERATED]]) {
    const { status, stdout, stderr } = spawnSync(command!, args)
    if (status !== 0) throw new Error(`${command} ended with ${status}: ${stdout}${stderr}`)
  }
  return [process.execPath, join(GENERATED, 'build', 'index.js'), '--transport=streamable-http']
}

/** Starts one for a document of `get_small` and `get_large`, with a session where it wants one. */
export async function startPeer(
  { name, command }: Peer,
  document: string,
): Promise<{ asked: Asked; stop: () => Promise<void> }> {
  const port = await freePort()
  const child = spawned([], {}, command(document, port))
  // Not all of them say anything before they are ended.
  child.firstLine.catch(() => {})
  const stop = async () => void (await child.end('SIGKILL'))
  const url = `http://127.0.0.1:${port}/mcp`
  const headers = await openSession(url, child)
  const names = await toolNames(url, headers)
  const nameOf = ({ tool }: Ask) => names.find((one) => one.toLowerCase().replaceAll(/\W/g, '_') === tool) ?? tool
  return { asked: { name, path: '/mcp', port, pid: child.pid, headers, nameOf }, stop }
}

async function openSession(url: string, child: Spawned): Promise<Record<string, string>> {
  const headers: Record<string, string> = { accept: 'application/json, text/event-stream' }
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } }
  const until = Date.now() + MOST_STARTING_MS
  for (;;) {
    const opened = await post(url, headers, { id: 1, method: 'initialize', params }).catch(() => undefined)
    if (opened) {
      const version = opened.result.protocolVersion as string
      const known: Record<string, string> = { ...headers, 'mcp-protocol-version': version }
      if (opened.session !== null) known['mcp-session-id'] = opened.session
      await post(url, known, { method: 'notifications/initialized' }).catch(() => {})
      return known
    }
    if (Date.now() > until) throw new Error(`${url} was not ready in time: ${child.output.stderr.slice(-2_000)}`)
    await pause(200)
  }
}

async function toolNames(url: string, headers: Record<string, string>): Promise<string[]> {
  const { result } = await post(url, headers, { id: 2, method: 'tools/list', params: {} })
  return (result.tools as Array<{ name: string }>).map(({ name }) => name)
}

async function post(url: string, headers: Record<string, string>, message: object) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  })
  const text = await response.text()
  const json = /^data: (\{.*)$/m.exec(text)?.[1] ?? text
  const { result } = JSON.parse(json) as { result: Record<string, unknown> }
  return { result, session: response.headers.get('mcp-session-id') }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..', '..')

/** A finished command. */
export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The environment of this process without what belongs to a test runner or to a gateway. */
export function cleanEnv(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) =>
      value !== undefined &&
      !/^(VITEST|NODE_OPTIONS|NODE_ENV|PORT|HOST|DATA_DIR|DATABASE_URL|MASTER_KEY|INSTALLATION_KEY|SLUICE_|npm_)/.test(
        name,
      ),
  )
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...extra }
}

/** Runs a command to its end. */
export async function run(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { input?: string } = {},
): Promise<Finished> {
  const child = spawn(command, args, { cwd: ROOT, env: cleanEnv(), ...options, stdio: 'pipe' })
  const output = collect(child)
  // A program may end without reading it.
  child.stdin?.on('error', () => {}).end(options.input ?? '')
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...output }
}

/** The command line of the product, as a user runs it. */
export function sluice(
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string; cwd?: string } = {},
): Promise<Finished> {
  return run(process.execPath, [join(ROOT, 'sluice'), ...args], { ...options, env: cleanEnv(options.env) })
}

export function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => {
    output.stdout += chunk
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    output.stderr += chunk
  })
  return output
}

/** A command that goes on until it is ended. */
export interface Spawned {
  readonly pid: number
  readonly output: { readonly stdout: string; readonly stderr: string }
  /** The first whole line of standard output. */
  readonly firstLine: Promise<string>
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** Starts the product's command line, or another `command`, in a process group of its own. */
export function spawned(
  args: readonly string[],
  env: Record<string, string>,
  command: readonly string[] = [process.execPath, join(ROOT, 'sluice'), ...args],
  cwd: string = ROOT,
): Spawned {
  const [program, ...rest] = command
  const child = spawn(program!, rest, {
    cwd,
    env: cleanEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const output = collect(child)
  const exited = once(child, 'exit') as Promise<[number | null]>
  return {
    pid: child.pid!,
    output,
    firstLine: firstLineOf(output, exited),
    async end(signal) {
      process.kill(-child.pid!, signal)
      const [code] = await exited
      return code
    },
  }
}

async function firstLineOf(output: { stdout: string; stderr: string }, exited: Promise<unknown>): Promise<string> {
  let isOver = false
  void exited.then(() => {
    isOver = true
  })
  for (;;) {
    const end = output.stdout.indexOf('\n')
    if (end >= 0) return output.stdout.slice(0, end)
    if (isOver) throw new Error(`it ended before it said anything:\n${output.stderr}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

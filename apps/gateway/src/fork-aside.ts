import { type ChildProcess, type ForkOptions, fork } from 'node:child_process'
import module from 'node:module'
import { dirname } from 'node:path'

/**
 * Starts a module in a process beside the gateway, for work that must not hold calls up: with nothing of the gateway's environment,
 * and no reason to keep the gateway running. `execArgv`: how it collects its garbage.
 */
export function forkAside(
  file: URL,
  args: readonly string[],
  { execArgv, stdin }: { readonly execArgv: readonly string[]; readonly stdin: 'pipe' | 'ignore' },
): ChildProcess {
  const cache = module.getCompileCacheDir?.()
  const options: ForkOptions = {
    // Where Node keeps what it compiled; it names a folder of its own in it.
    env: cache ? { NODE_COMPILE_CACHE: dirname(cache) } : {},
    execArgv: [...execArgv],
    serialization: 'advanced',
    stdio: [stdin, 'ignore', 'ignore', 'ipc'],
  }
  const child = fork(file, args, options)
  child.unref()
  child.channel?.unref()
  return child
}

import { type ChildProcess, fork } from 'node:child_process'

/** A process for foreign code: with nothing of the gateway's environment, and no reason to keep the gateway running. */
export function forkChild(module: URL, memoryMb: number, args: readonly number[] = []): ChildProcess {
  const child = fork(module, [memoryMb, ...args].map(String), {
    env: {},
    // A small young generation keeps what is resident close to what is alive; else leftovers count against later tasks.
    // isolated-vm asks for the snapshot to be off.
    execArgv: [`--max-old-space-size=${memoryMb}`, '--max-semi-space-size=8', '--no-node-snapshot'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  // While there is work in it, the timer of its deadline keeps the gateway running.
  child.unref()
  child.channel?.unref()
  return child
}

// The process in which one client runs: told by its parent what to do, it says what came out.
import { inspect } from 'node:util'
import { ALL_CLIENTS } from './all-clients.ts'
import type { Order, Reply } from './run-apart.ts'

process.once('message', async ({ name, target }: Order) => {
  const reply = await ALL_CLIENTS[name]!.run(target).then(
    (seen): Reply => ({ seen }),
    (error: unknown): Reply => ({ fault: inspect(error) }),
  )
  process.send!(reply)
})

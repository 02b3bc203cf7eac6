import { randomUUID } from 'node:crypto'
import { LIMITS } from '@sluice/contract'
import { keepContinuation, type Sealer, type Store, takeContinuation } from '@sluice/store'

/** Whose requests states are of. */
export interface StateOwner {
  readonly workspaceId: string
  readonly serverId: string
  /** `Caller.id` */
  readonly callerId: string
}

/** States of requests that wait for what their clients are asked: found once, by who asked, on the same server. */
export interface KeptStates {
  readonly keep: (owner: StateOwner, text: string) => Promise<string>
  readonly take: (owner: StateOwner, handle: string) => Promise<string | undefined>
}

/** In the database, so that any gateway answers the request that follows. */
export function statesIn(store: Store, sealer: Sealer): KeptStates {
  return {
    keep: (owner, text) => keepContinuation(store, placeOf(owner), text, LIMITS.requestStateMs, sealer),
    take: (owner, handle) => takeContinuation(store, placeOf(owner), handle, sealer),
  }
}

/** Apart from the answers that the caller may read on in. No id of a server has a space. */
function placeOf({ workspaceId, serverId, callerId }: StateOwner) {
  return { workspaceId, callerId: `state ${serverId} ${callerId}` }
}

const MOST_IN_MEMORY = 100

/** The same in memory, for a process that has one caller and one server. The newest are kept. */
export function statesInMemory(): KeptStates {
  const kept = new Map<string, { readonly text: string; readonly until: number }>()
  return {
    keep: async (_owner, text) => {
      const handle = randomUUID()
      kept.set(handle, { text, until: Date.now() + LIMITS.requestStateMs })
      for (const oldest of kept.keys()) if (kept.size > MOST_IN_MEMORY) kept.delete(oldest)
      return handle
    },
    take: async (_owner, handle) => {
      const found = kept.get(handle)
      kept.delete(handle)
      return found && found.until > Date.now() ? found.text : undefined
    },
  }
}

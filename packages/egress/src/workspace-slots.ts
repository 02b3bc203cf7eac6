import type { CancelSignal } from '@sluice/contract'
/** Slots that workspaces share. */
export interface WorkspaceSlots {
  /** Runs `work` when a slot is free for its workspace. Rejects with the signal's reason if it aborts before. */
  run<T>(workspaceId: string | undefined, signal: CancelSignal, work: () => Promise<T>): Promise<T>
}

/** Who has nothing under way is remembered while there are so few: a table that changes with each request costs more than it holds. */
const FEW_IDLE = 64
/** How many times as many as are free a workspace may have. */
const TIMES_FREE = 3

interface Sharer {
  running: number
  readonly waiting: Set<() => void>
}

/**
 * At most `size` pieces of work at a time. A workspace begins one while it has fewer than three times as many as are free, so that alone
 * it comes to three quarters of all and another finds one at once; of those that wait, the workspace with the fewest is next (promise 6,
 * S72).
 */
export function createWorkspaceSlots(size: number): WorkspaceSlots {
  let free = size
  const sharers = new Map<string | undefined, Sharer>()
  let waitingInAll = 0

  const mayBegin = ({ running }: Sharer) => free > 0 && running < Math.max(1, TIMES_FREE * free)

  function begin(sharer: Sharer): void {
    free--
    sharer.running++
  }

  function wait(sharer: Sharer, signal: CancelSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        if (sharer.waiting.delete(enter)) waitingInAll--
        reject(signal.reason)
      }
      sharer.waiting.add(enter)
      waitingInAll++
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  function next(): void {
    while (waitingInAll > 0) {
      const able = [...sharers.values()].filter((one) => one.waiting.size > 0 && mayBegin(one))
      const [first] = able.sort((a, b) => a.running - b.running)
      const [enter] = first?.waiting ?? []
      if (!first || !enter) return
      first.waiting.delete(enter)
      waitingInAll--
      begin(first)
      enter()
    }
  }

  function sharerOf(workspaceId: string | undefined): Sharer {
    const known = sharers.get(workspaceId) ?? { running: 0, waiting: new Set() }
    sharers.set(workspaceId, known)
    return known
  }

  return {
    async run(workspaceId, signal, work) {
      signal.throwIfAborted()
      const sharer = sharerOf(workspaceId)
      try {
        if (mayBegin(sharer) && sharer.waiting.size === 0) begin(sharer)
        else await wait(sharer, signal)
        try {
          return await work()
        } finally {
          free++
          sharer.running--
          next()
        }
      } finally {
        if (sharers.size > FEW_IDLE && sharer.running === 0 && sharer.waiting.size === 0) sharers.delete(workspaceId)
      }
    },
  }
}

import type { CancelSignal } from '@sluice/contract'
export interface Slots {
  /** Runs `work` when a slot is free, first come first served. Rejects with the signal's reason if it aborts before. */
  run<T>(signal: CancelSignal, work: () => Promise<T>): Promise<T>
}

/** At most `size` pieces of work at a time. */
export function createSlots(size: number): Slots {
  let free = size
  const waiting = new Set<() => void>()

  function wait(signal: CancelSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        waiting.delete(enter)
        reject(signal.reason)
      }
      waiting.add(enter)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  function release() {
    const [next] = waiting
    if (!next) {
      free++
      return
    }
    waiting.delete(next)
    next()
  }

  return {
    async run(signal, work) {
      signal.throwIfAborted()
      if (free > 0) free--
      else await wait(signal)
      try {
        return await work()
      } finally {
        release()
      }
    },
  }
}

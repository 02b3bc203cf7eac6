import type { CodeFailure } from './code-protocol.ts'

export type Turn = { readonly leave: () => void } | { readonly why: CodeFailure }

interface Wish {
  readonly deadline: number
  readonly signal: AbortSignal
}

/** So many at once, of each owner one; the others wait in their order, as long as they want to. */
export function takeTurns(most: number) {
  const waiting: Array<{ readonly owner: string; readonly start: () => void }> = []
  const running = new Set<string>()

  function next(): void {
    while (running.size < most) {
      const at = waiting.findIndex(({ owner }) => !running.has(owner))
      if (at < 0) return
      const [{ owner, start }] = waiting.splice(at, 1) as [(typeof waiting)[number]]
      running.add(owner)
      start()
    }
  }

  return {
    take(owner: string, { deadline, signal }: Wish): Promise<Turn> {
      const { promise, resolve } = Promise.withResolvers<Turn>()
      const give = (why: CodeFailure) => {
        const at = waiting.indexOf(entry)
        if (at < 0) return
        waiting.splice(at, 1)
        end()
        resolve({ why })
      }
      const late = () => give({ name: 'Deadline', message: 'did not get its turn in time: other code is running' })
      const abort = () => give({ name: 'Aborted', message: 'was given up' })
      const timer = setTimeout(late, Math.max(0, deadline - Date.now()))
      const end = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
      }
      const leave = () => {
        running.delete(owner)
        next()
      }
      const entry = {
        owner,
        start: () => {
          end()
          resolve({ leave })
        },
      }
      waiting.push(entry)
      signal.addEventListener('abort', abort)
      if (signal.aborted) abort()
      next()
      return promise
    },
  }
}

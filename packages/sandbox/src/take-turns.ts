import type { CancelSignal } from '@sluice/contract'
import type { CodeFailure } from './code-protocol.ts'

export type Turn = { readonly leave: () => void } | { readonly why: CodeFailure }

export interface Wish {
  readonly owner: string
  readonly workspaceId: string
  readonly deadline: number
  readonly signal: CancelSignal
}

type Who = Pick<Wish, 'owner' | 'workspaceId'>

/**
 * So many at once, of each owner one, of each workspace `mostOfOne`; the others wait as long as they want to. Of those who may, the first
 * whose workspace has the fewest is next.
 */
export function takeTurns(most: number, mostOfOne: number) {
  const waiting: Array<Who & { readonly start: () => void }> = []
  const running = new Set<Who>()

  const runningOf = (workspaceId: string) => [...running].filter((one) => one.workspaceId === workspaceId)

  function mayStart({ owner, workspaceId }: Who): boolean {
    const theirs = runningOf(workspaceId)
    return theirs.length < mostOfOne && !theirs.some((one) => one.owner === owner)
  }

  function next(): void {
    while (running.size < most) {
      const able = waiting.filter(mayStart)
      const fewest = Math.min(...able.map(({ workspaceId }) => runningOf(workspaceId).length))
      const chosen = able.find(({ workspaceId }) => runningOf(workspaceId).length === fewest)
      if (!chosen) return
      waiting.splice(waiting.indexOf(chosen), 1)
      running.add(chosen)
      chosen.start()
    }
  }

  return {
    take({ owner, workspaceId, deadline, signal }: Wish): Promise<Turn> {
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
        running.delete(entry)
        next()
      }
      const entry = {
        owner,
        workspaceId,
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

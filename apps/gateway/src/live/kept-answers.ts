import { randomUUID } from 'node:crypto'
import type { Continuations, KeptAnswer } from '@sluice/calls'
import { LIMITS } from '@sluice/contract'
import { recordLargeAnswer, type Store } from '@sluice/store'
import type { ServeDeps } from '../mcp/run-call.ts'

const MOST_IN_MEMORY = 10

/** Answers that were shown in part, in memory, for a process that has one caller. The newest are kept. */
export function continuationsInMemory(): Continuations {
  const kept = new Map<string, { readonly answer: KeptAnswer; readonly until: number }>()
  return {
    keep: (_reader, answer) => {
      const handle = randomUUID()
      kept.set(handle, { answer, until: Date.now() + LIMITS.keptAnswerMs })
      for (const oldest of kept.keys()) if (kept.size > MOST_IN_MEMORY) kept.delete(oldest)
      return handle
    },
    find: async (_reader, handle) => {
      const found = kept.get(handle)
      return found && found.until > Date.now() ? found.answer : undefined
    },
  }
}

/** Notes a tool whose answer was too large, once in the life of the process, and after the call. What fails is tried at the next. */
export function largeAnswersIn(store: Store, refresh: () => Promise<void>): NonNullable<ServeDeps['noteLargeAnswer']> {
  const noted = new Set<string>()
  return (workspaceId, toolId) => {
    if (noted.has(toolId)) return
    noted.add(toolId)
    recordLargeAnswer(store, workspaceId, toolId)
      .then(refresh)
      .catch(() => noted.delete(toolId))
  }
}

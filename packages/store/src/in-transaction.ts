import type { Store } from './open-store.ts'
import { transact } from './transact.ts'

/**
 * Runs changes of a workspace in one transaction: `work` is given a store on which everything that is asked for and changed
 * happens within it. What does not keep its changes leaves nothing behind, and still answers: what would become of them is
 * then what became of them.
 *
 * The embedded database has one connection: `work` must not touch the outer store, or it waits for itself.
 */
export async function inTransaction<T>(
  store: Store,
  workspaceId: string,
  work: (within: Store) => Promise<{ readonly keep: boolean; readonly answer: T }>,
): Promise<T> {
  try {
    return await transact(store, workspaceId, async (tx) => {
      const { keep, answer } = await work({ ...store, db: tx })
      if (!keep) throw new TakenBack(answer)
      return answer
    })
  } catch (error) {
    if (error instanceof TakenBack) return error.answer as T
    throw error
  }
}

class TakenBack extends Error {
  readonly answer: unknown

  constructor(answer: unknown) {
    super('taken back')
    this.answer = answer
  }
}

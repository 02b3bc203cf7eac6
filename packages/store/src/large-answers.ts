import { and, isNull } from 'drizzle-orm'
import { isRow } from './conditions.ts'
import type { Store } from './open-store.ts'
import { bumpRevisions } from './revisions.ts'
import { tools } from './schema.ts'
import { serversOfTools } from './tools.ts'
import { transact } from './transact.ts'

/** Notes, once for each tool, that an answer of it was more than a result may cost: its lists say from then on how to ask for less. */
export function recordLargeAnswer(store: Store, workspaceId: string, toolId: string): Promise<void> {
  return transact(store, workspaceId, async (tx) => {
    const noted = await tx
      .update(tools)
      .set({ largeAnswerAt: new Date() })
      .where(and(isRow(tools, workspaceId, toolId), isNull(tools.largeAnswerAt)))
      .returning({ id: tools.id })
    if (noted.length === 0) return
    await bumpRevisions(tx, workspaceId, await serversOfTools(tx, workspaceId, [toolId]))
  })
}

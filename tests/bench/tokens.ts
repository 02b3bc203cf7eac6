// `npm run bench -- tokens`: what the lists of tools cost in each mode, and whole conversations that solve a task.
import { weighConversations } from './weigh-conversations.ts'
import { weighAllLists } from './weigh-lists.ts'

/** False where a list is longer than it may be, or a task is not solved in a mode. */
export async function benchTokens(): Promise<boolean> {
  const areShort = weighAllLists()
  return (await weighConversations()) && areShort
}

import { countTokens } from '@sluice/tokenizer'
import { unseenWords } from './unseen-words.ts'

/** The little that an agent needs of an MCP client. */
export interface ToolClient {
  listTools(): Promise<readonly ShownTool[]>
  callTool(name: string, args: Record<string, unknown>): Promise<{ readonly text: string; readonly isError: boolean }>
}

export interface ShownTool {
  readonly name: string
  readonly _meta?: Readonly<Record<string, unknown>> | undefined
}

/** All that is said while one task is solved, and what it costs a model: in o200k tokens. */
export interface Conversation {
  readonly tools: readonly ShownTool[]
  readonly cost: { readonly list: number; calls: number; tokens: number }
  /** Calls a tool and gives what it answered. @throws Unsolved where it failed, or says what nobody could know */
  call(name: string, args: Record<string, unknown>): Promise<string>
  /** What a call would say that was never shown. */
  unseen(args: unknown): string[]
}

/** A task that is not solved, in words. */
export class Unsolved extends Error {}

/** A model is shown the goal and the list of tools, once. */
export async function openConversation(client: ToolClient, goal: string): Promise<Conversation> {
  const tools = await client.listTools()
  const list = tools.map(asShown)
  const tokens = list.reduce((sum, tool) => sum + countTokens(tool), 0)
  const cost = { list: tokens, calls: 0, tokens }
  const shown = [goal, ...list]
  const unseen = (args: unknown) => unseenWords(args, shown.join('\n'))
  return {
    tools,
    cost,
    unseen,
    call: async (name, args) => {
      // What somebody searches for are words of their own.
      const unknown = name === 'search_tools' ? [] : unseen(args)
      if (unknown.length > 0) throw new Unsolved(`${name} is called with what was never shown: ${unknown.join(', ')}`)
      const { text, isError } = await client.callTool(name, args)
      cost.calls++
      cost.tokens += countTokens(JSON.stringify({ name, arguments: args })) + countTokens(text)
      if (isError) throw new Unsolved(`${name} failed: ${text}`)
      shown.push(text)
      return text
    },
  }
}

/** `_meta` is for people and programs. */
function asShown({ _meta, ...tool }: ShownTool): string {
  return JSON.stringify(tool)
}

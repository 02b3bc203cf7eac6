import type { ListedTool } from '@sluice/contract'
import type { InputsWanted, McpSession } from '@sluice/mcp'
import { ASKING_TOOLS, form, isForm } from './asking-tools.ts'

const ARGUMENTS: Readonly<Record<string, string>> = { test_sampling: 'prompt', test_elicitation: 'message' }
const PROMPT = 'test_input_required_result_prompt'

/** A session with the tools that ask, beside those of its catalog. It is handed in: no setting brings them about. */
export function withAskingTools(session: McpSession): McpSession {
  const own = Object.keys(ASKING_TOOLS).map(listed)
  const all = [...session.listTools(), ...own].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return {
    ...session,
    mayAsk: true,
    listTools: () => all,
    findTool: (name) => all.find((tool) => tool.name === name),
    callTool: async (name, args, request) =>
      Object.hasOwn(ASKING_TOOLS, name)
        ? ASKING_TOOLS[name]!((args ?? {}) as Record<string, unknown>, request)
        : session.callTool(name, args, request),
    completePrompt: async (name, { given }): Promise<{ values: Record<string, string> } | InputsWanted> => {
      if (name !== PROMPT) return { values: {} }
      const { user_context: context } = given?.inputs ?? {}
      if (isForm(context, 'context')) return { values: { context: String(context.content.context) } }
      return { wanted: { user_context: form('What context should the prompt use?', { context: { type: 'string' } }) } }
    },
  }
}

function listed(name: string): ListedTool {
  const argument = ARGUMENTS[name]
  const schema = {
    type: 'object',
    properties: argument ? { [argument]: { type: 'string' } } : {},
    required: argument ? [argument] : [],
  }
  const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }
  return {
    name,
    title: name,
    description: 'As the suite has it.',
    annotations,
    wireSchema: schema,
    inputSchema: schema,
  }
}

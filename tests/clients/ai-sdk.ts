import { type Client, doTask, type TaskCall } from './client.ts'
import { loadFrom } from './load-from.ts'

export const aiSdk: Client = {
  package: '@ai-sdk/mcp',
  isApart: true,
  toolName: (tool) => tool,
  results: 'the text',
  run: async ({ install, url, accessKey }) => {
    const { createMCPClient } = await loadFrom<AiSdk>(install, '@ai-sdk/mcp')
    const headers = { Authorization: `Bearer ${accessKey}` }
    const client = await createMCPClient({ transport: { type: 'http', url, headers } })
    const tools = await client.tools()
    const call = async ({ tool, arguments: input }: TaskCall) => {
      const output = await tools[tool]!.execute(input, { toolCallId: 'call', messages: [] })
      const { value } = await tools[tool]!.toModelOutput({ toolCallId: 'call', input, output })
      return value[0]!.text
    }
    return { tools: Object.keys(tools), results: await doTask(call) }
  },
}

interface AiSdk {
  createMCPClient(options: object): Promise<{ tools(): Promise<Record<string, AiTool>> }>
}

interface AiTool {
  execute(input: object, options: object): Promise<unknown>
  toModelOutput(call: object): { readonly value: ReadonlyArray<{ readonly text: string }> }
}

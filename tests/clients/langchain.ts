import { type Client, doTask, type TaskCall } from './client.ts'
import { loadFrom } from './load-from.ts'
import { thrownBy } from './thrown-by.ts'

export const langchain: Client = {
  package: '@langchain/mcp-adapters',
  isApart: true,
  toolName: (tool) => tool,
  results: 'the text, or a block of both text and value; a failure is thrown',
  run: async ({ install, url, accessKey }) => {
    const { MultiServerMCPClient } = await loadFrom<Adapters>(install, '@langchain/mcp-adapters')
    const headers = { Authorization: `Bearer ${accessKey}` }
    const client = new MultiServerMCPClient({ mcpServers: { bookshop: { transport: 'http', url, headers } } })
    const tools = await client.getTools()
    const call = async (made: TaskCall) => {
      const output = await tools.find(({ name }) => name === made.tool)!.invoke(made.arguments)
      return typeof output === 'string' ? output : output.text
    }
    return { tools: tools.map(({ name }) => name), results: await doTask(call, (made) => thrownBy(call(made))) }
  },
}

interface Adapters {
  MultiServerMCPClient: new (
    options: object,
  ) => { getTools(): Promise<Array<{ name: string; invoke(input: object): Promise<string | Block> }>> }
}

interface Block {
  readonly text: string
  readonly structuredContent?: object
}

import { type Client, doTask, type TaskCall } from './client.ts'
import { loadFrom } from './load-from.ts'
import { thrownBy } from './thrown-by.ts'

export const mastra: Client = {
  package: '@mastra/mcp',
  isApart: true,
  toolName: (tool) => `bookshop_${tool}`,
  results: 'the whole result as JSON, or its value alone; a failure is thrown',
  run: async ({ install, url, accessKey }) => {
    const { MCPClient } = await loadFrom<Mastra>(install, '@mastra/mcp')
    const requestInit = { headers: { Authorization: `Bearer ${accessKey}` } }
    const client = new MCPClient({ servers: { bookshop: { url: new URL(url), requestInit } } })
    const tools = await client.listTools()
    const call = async ({ tool, arguments: input }: TaskCall) => {
      const output = await tools[mastra.toolName(tool)]!.execute(input, {})
      return 'content' in output ? (output as Result).content[0]!.text : JSON.stringify(output)
    }
    return { tools: Object.keys(tools), results: await doTask(call, (made) => thrownBy(call(made))) }
  },
}

interface Mastra {
  MCPClient: new (options: object) => { listTools(): Promise<Record<string, MastraTool>> }
}

interface MastraTool {
  execute(input: object, context: object): Promise<object>
}

interface Result {
  readonly content: ReadonlyArray<{ readonly text: string }>
}

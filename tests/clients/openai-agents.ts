import { type Client, doTask, type TaskCall } from './client.ts'
import { loadFrom } from './load-from.ts'

export const openaiAgents: Client = {
  package: '@openai/agents',
  isApart: true,
  toolName: (tool) => tool,
  results: 'the content block, as JSON',
  run: async ({ install, url, accessKey }) => {
    const { MCPServerStreamableHttp, RunContext, getAllMcpTools } = await loadFrom<Agents>(install, '@openai/agents')
    const requestInit = { headers: { Authorization: `Bearer ${accessKey}` } }
    const server = new MCPServerStreamableHttp({ url, name: 'bookshop', requestInit })
    await server.connect()
    const tools = await getAllMcpTools([server])
    const call = async (made: TaskCall) => {
      const tool = tools.find(({ name }) => name === made.tool)!
      return (await tool.invoke(new RunContext(), JSON.stringify(made.arguments))).text
    }
    return { tools: tools.map(({ name }) => name), results: await doTask(call) }
  },
}

interface Agents {
  MCPServerStreamableHttp: new (options: object) => { connect(): Promise<void> }
  RunContext: new () => object
  getAllMcpTools(servers: readonly object[]): Promise<AgentTool[]>
}

interface AgentTool {
  readonly name: string
  invoke(context: object, input: string): Promise<{ text: string }>
}

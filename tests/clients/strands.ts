import { type Client, doTask, type TaskCall } from './client.ts'
import { loadFrom } from './load-from.ts'

export const strands: Client = {
  package: '@strands-agents/sdk',
  isApart: true,
  toolName: (tool) => tool,
  results: 'the text',
  run: async ({ install, url, accessKey }) => {
    const { McpClient } = await loadFrom<Strands>(install, '@strands-agents/sdk')
    const client = new McpClient({ url, headers: { Authorization: `Bearer ${accessKey}` } })
    const tools = await client.listTools()
    const call = (want: string) => async (made: TaskCall) => {
      const toolUse = { name: made.tool, toolUseId: 'call', input: made.arguments }
      const { value } = await tools
        .find(({ name }) => name === made.tool)!
        .stream({ toolUse })
        .next()
      if (value.status !== want) throw new Error(`the status is ${value.status} and not ${want}`)
      return value.content[0]!.text
    }
    return { tools: tools.map(({ name }) => name), results: await doTask(call('success'), call('error')) }
  },
}

interface Strands {
  McpClient: new (options: object) => { listTools(): Promise<StrandsTool[]> }
}

interface StrandsTool {
  readonly name: string
  stream(context: object): AsyncGenerator<never, { status: string; content: Array<{ text: string }> }>
}

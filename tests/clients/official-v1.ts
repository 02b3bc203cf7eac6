import { CLIENTS, type McpClient } from '../support/mcp-clients.ts'
import { type Client, doTask, type Seen, type TaskCall } from './client.ts'

export const officialV1: Client = {
  package: '@modelcontextprotocol/sdk',
  isApart: false,
  toolName: (tool) => tool,
  results: 'the result as it is',
  run: async (target) => runOfficial(await CLIENTS['the v1 client, 2025-11-25']!(target)),
}

/** The task, by an official client. */
export async function runOfficial(client: McpClient): Promise<Seen> {
  const tools = (await client.listTools()).map(({ name }) => name)
  const call = (isError: boolean) => async (made: TaskCall) => {
    const result = await client.callTool(made.tool, made.arguments)
    if (result.isError !== isError) throw new Error(`isError is ${result.isError}: ${result.text}`)
    return result.structured === undefined ? result.text : JSON.stringify(result.structured)
  }
  const results = await doTask(call(false), call(true))
  await client.close()
  return { tools, results }
}

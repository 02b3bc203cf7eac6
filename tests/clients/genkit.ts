import { type Client, doTask, type TaskCall } from './client.ts'
import { loadFrom } from './load-from.ts'

export const genkit: Client = {
  package: '@genkit-ai/mcp',
  isApart: true,
  toolName: (tool) => `bookshop/${tool}`,
  results: 'the value, or the text parsed as JSON; `{error}` of a failure',
  run: async ({ install, url, accessKey }) => {
    const { genkit: createGenkit } = await loadFrom<GenkitModule>(install, 'genkit')
    const { createMcpClient } = await loadFrom<GenkitMcp>(install, '@genkit-ai/mcp')
    const requestInit = { headers: { Authorization: `Bearer ${accessKey}` } }
    const client = createMcpClient({ name: 'bookshop', mcpServer: { url, requestInit } })
    const tools = await client.getActiveTools(createGenkit({}))
    const call = (made: TaskCall) =>
      tools.find(({ __action }) => __action.name === genkit.toolName(made.tool))!(made.arguments)
    const results = await doTask(
      async (made) => JSON.stringify(await call(made)),
      async (made) => ((await call(made)) as { error: string }).error,
    )
    return { tools: tools.map(({ __action }) => __action.name), results }
  },
}

interface GenkitModule {
  genkit(options: object): object
}

interface GenkitMcp {
  createMcpClient(options: object): { getActiveTools(ai: object): Promise<GenkitTool[]> }
}

interface GenkitTool {
  (input: object): Promise<unknown>
  readonly __action: { readonly name: string }
}

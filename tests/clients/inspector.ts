import { type Client, doTask, type Target, type TaskCall } from './client.ts'
import { programIn } from './load-from.ts'
import { runProgram } from './run-program.ts'

/** With `--strict` its linter makes it fail where a schema is one that not every model takes. */
export const inspector: Client = {
  package: '@modelcontextprotocol/inspector',
  isApart: true,
  toolName: (tool) => tool,
  results: 'the result as it is',
  run: async (target) => {
    const listed = await inspect(target, ['--method', 'tools/list', '--strict'])
    // The list of the other era, which is another encoding, has to pass as well.
    await inspect(target, ['--method', 'tools/list', '--strict', '--protocol-era', 'modern'])
    const { tools } = JSON.parse(listed) as { tools: Array<{ name: string }> }
    const call = (want: number) => async (made: TaskCall) => textOf(await inspect(target, callOf(made), want))
    return { tools: tools.map(({ name }) => name), results: await doTask(call(0), call(TOOL_FAILED)) }
  },
}

const TOOL_FAILED = 5

function inspect({ install, url, accessKey }: Target, args: readonly string[], want = 0): Promise<string> {
  const program = programIn(install, inspector.package, 'mcp-inspector')
  const to = ['--cli', url, '--transport', 'http', '--header', `Authorization: Bearer ${accessKey}`]
  return runProgram([program, ...to, ...args], { want })
}

function callOf({ tool, arguments: args }: TaskCall): string[] {
  const pairs = Object.entries(args).map(([name, value]) => `${name}=${value}`)
  return ['--method', 'tools/call', '--tool-name', tool, '--tool-arg', ...pairs]
}

function textOf(result: string): string {
  return (JSON.parse(result) as { content: Array<{ text: string }> }).content[0]!.text
}

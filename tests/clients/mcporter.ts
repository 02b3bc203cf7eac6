import { type Client, doTask, type Target, type TaskCall } from './client.ts'
import { programIn } from './load-from.ts'
import { runProgram } from './run-program.ts'

export const mcporter: Client = {
  package: 'mcporter',
  isApart: true,
  toolName: (tool) => tool,
  results: 'the text, on standard output',
  run: async (target) => {
    const { tools } = JSON.parse(await port(target, ['list', '--json'])) as { tools: Array<{ name: string }> }
    const call = (want: number) => (made: TaskCall) => port(target, callOf(made), want)
    return { tools: tools.map(({ name }) => name), results: await doTask(call(0), call(1)) }
  },
}

function port({ install, url, accessKey }: Target, [verb, ...args]: readonly string[], want = 0): Promise<string> {
  const server = ['--name', 'bookshop', '--http-url', url, '--allow-http']
  const key = ['--header', `Authorization=Bearer ${accessKey}`]
  return runProgram([programIn(install, mcporter.package, 'mcporter'), verb!, ...server, ...key, ...args], { want })
}

function callOf({ tool, arguments: args }: TaskCall): string[] {
  const pairs = Object.entries(args).map(([name, value]) => `${name}=${value}`)
  return ['call', `bookshop.${tool}`, ...pairs, '--output', 'text']
}

import type { ClientSnippet, CreatedAccessKey } from '@sluice/contract'
import { at } from '../admin-api.ts'
import { filledIn, snippetText } from '../client-text.ts'
import { command, UsageFault } from '../command.ts'
import { withGateway } from '../connect.ts'
import { answer, print } from '../print.ts'

export function connectCommand() {
  return command('connect', 'say how each MCP client connects to a server', [
    'sluice connect bookshop',
    'sluice connect bookshop --client claude-desktop --create-key "Ada\'s laptop"',
    'sluice connect bookshop --client generic-stdio --json',
  ])
    .argument('<server>')
    .option('--client <name>', 'one client only')
    .option('--create-key <name>', 'make an access key and fill it in')
    .action((server, options) =>
      withGateway(async (api) => {
        const { items } = await api.request<{ items: ClientSnippet[] }>('GET', at`/servers/${server}/clients`)
        const wanted = items.filter(({ client }) => options.client === undefined || client === options.client)
        if (wanted.length === 0)
          throw new UsageFault(`--client is one of ${items.map(({ client }) => client).join(', ')}.`)
        const key = options.createKey
          ? await api.request<CreatedAccessKey>('POST', '/access-keys', { name: options.createKey, servers: [server] })
          : undefined
        const filled = wanted.map((snippet) => filledIn(snippet, key?.key))
        answer(options, { items: filled, accessKey: key?.key ?? null }, () => filled.map(snippetText).join('\n\n'))
        if (!options.json && !key) print('\nAn access key is shown once, when it is made: --create-key NAME makes one.')
      }),
    )
}

import { parseArgs } from 'node:util'
import type { CallOutcome } from '@sluice/contract'
import { withGateway } from '../connect.ts'
import { print, printError } from '../print.ts'
import { UsageFault, type Verb } from '../verb.ts'

export const call: Verb = {
  help: `sluice call <server> <tool> [--args JSON] [--json]

Calls one tool of a server and prints what an agent would be shown. Ends with 3 if the tool answered with an error.

  sluice call bookshop list_books --args '{"author": "Le Guin", "limit": 2}'
  sluice call bookshop get_book --args '{"id": 1}' --json`,
  async run(argv) {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { args: { type: 'string', default: '{}' }, json: { type: 'boolean' } },
    })
    const [server, tool, ...more] = positionals
    if (!server || !tool || more.length > 0) throw new UsageFault('Name a server and a tool.')
    const body = `{"tool":${JSON.stringify(tool)},"arguments":${jsonText(values.args)}}`
    const outcome = await withGateway((api) =>
      api.requestText<CallOutcome>('POST', `/servers/${encodeURIComponent(server)}/calls`, body),
    )
    if (values.json) print(JSON.stringify(outcome))
    else if (outcome.ok) print(outcome.content.map(asText).join('\n'))
    else printError(outcome.message)
    return outcome.ok ? 0 : 3
  },
}

/** Checked, but sent as it was written: numbers of many digits stay exact. */
function jsonText(text: string): string {
  try {
    JSON.parse(text)
    return text
  } catch (error) {
    throw new UsageFault(`--args is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function asText(block: Extract<CallOutcome, { ok: true }>['content'][number]): string {
  if (block.type === 'text') return block.text
  if (block.type === 'resource')
    return (
      block.resource.text ?? `[${block.resource.mimeType}, ${block.resource.blob?.length ?? 0} characters of base64]`
    )
  return `[${block.mimeType}, ${block.data.length} characters of base64]`
}

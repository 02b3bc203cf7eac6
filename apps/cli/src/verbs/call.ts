import type { CallOutcome } from '@sluice/contract'
import { at } from '../admin-api.ts'
import { working } from '../ask.ts'
import { command, Ended, UsageFault } from '../command.ts'
import { withGateway } from '../connect.ts'
import { print, printError, safeLines } from '../print.ts'

export function callCommand() {
  return command('call', 'call a tool as an agent would', [
    `sluice call bookshop list_books --args '{"author": "Le Guin", "limit": 2}'`,
    `sluice call bookshop get_book --args '{"id": 1}' --json`,
  ])
    .argument('<server>', 'slug of a server')
    .argument('<tool>', 'name of a tool on it')
    .option('--args <json>', 'the arguments, an object', '{}')
    .addHelpText('after', '\nEnds with 3 if the tool answered with an error.')
    .action(async (server, tool, options) => {
      const body = `{"tool":${JSON.stringify(tool)},"arguments":${jsonText(options.args)}}`
      const outcome = await withGateway((api) =>
        working(`Calling ${tool}`, () => api.requestText<CallOutcome>('POST', at`/servers/${server}/calls`, body)),
      )
      if (options.json) print(JSON.stringify(outcome))
      else if (outcome.ok) print(safeLines(outcome.content.map(asText).join('\n')))
      else printError(outcome.message)
      if (!outcome.ok) throw new Ended(3)
    })
}

/** Checked, but sent as it was written: numbers of many digits stay exact. */
export function jsonText(text: string, what = '--args'): string {
  try {
    JSON.parse(text)
    return text
  } catch (error) {
    throw new UsageFault(`${what} is not JSON: ${error instanceof Error ? error.message : String(error)}`)
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

import type { TriedTool } from '@sluice/contract'
import { at } from '../admin-api.ts'
import { working } from '../ask.ts'
import { command, Ended } from '../command.ts'
import { withGateway } from '../connect.ts'
import { findTool } from '../find-tool.ts'
import { answer, paint, safe } from '../print.ts'
import { jsonText } from './call.ts'

export function tryToolCommand() {
  return command('try', 'call a tool and see what each stage makes of it', [
    `sluice tools try get_book --args '{"id": 1}'`,
  ])
    .argument('<tool>', 'name, upstream/name or id')
    .option('--args <json>', 'the arguments, an object', '{}')
    .addHelpText('after', '\nEnds with 3 if the tool answered with an error.')
    .action(async (meant, options) => {
      const body = `{"arguments":${jsonText(options.args)}}`
      const tried = await withGateway((api) =>
        working(`Calling ${meant}`, async () =>
          api.requestText<TriedTool>('POST', at`/tools/${(await findTool(api, meant)).id}/try`, body),
        ),
      )
      answer(options, tried, () => triedText(tried))
      if (!(tried.outcome as { ok: boolean }).ok) throw new Ended(3)
    })
}

function triedText({ stages, outcome }: TriedTool): string {
  return [...stages, { stage: 'what an agent is shown', value: outcome }]
    .map(({ stage, value }) => `${paint('bold', stage)}\n${safe(asText(value))}`)
    .join('\n\n')
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

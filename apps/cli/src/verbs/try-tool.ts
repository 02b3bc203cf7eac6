import type { ProposedFilter, TriedTool } from '@sluice/contract'
import { at } from '../admin-api.ts'
import { working } from '../ask.ts'
import { command, Ended, several } from '../command.ts'
import { withGateway } from '../connect.ts'
import { findTool } from '../find-tool.ts'
import { answer, listing, paint, safe, safeLines } from '../print.ts'
import { readText } from '../read-document.ts'
import { jsonText } from './call.ts'
import { keepAnswer } from './samples.ts'

export function tryToolCommand() {
  return command('try', 'call a tool and see what each stage makes of it', [
    `sluice tools try get_book --args '{"id": 1}'`,
    'sluice tools try list_books --answer saved-answer.json',
    'sluice tools try list_books --keep a-page',
    'sluice tools try list_books --sample a-page',
    'sluice tools try list_books --call 0b1f6f0e-7c1e-4a55-9d1c-3c5a2c0f4e11',
  ])
    .argument('<tool>', 'name, upstream/name or id')
    .option('--args <json>', 'the arguments, an object')
    .option('--answer <file>', 'JSON that the API would answer: then it is not called')
    .option('--sample <name>', 'an answer that is kept of it: then the API is not called')
    .option('--call <id>', 'a recorded call: it is made again, with --args if those are given')
    .option('--keep <name>', 'keep what the API answered, to try changes on it')
    .addHelpText(
      'after',
      '\nA recorded call whose arguments are kept redacted is made again only with --args.\nEnds with 3 if the tool answered with an error.',
    )
    .action(async (meant, options) => {
      const { answer: file, sample, keep, call } = options
      // A sample and a recorded call have arguments of their own.
      const args = jsonText(options.args ?? '{}')
      const parts = [
        ...((sample ?? call) !== undefined && options.args === undefined ? [] : [`"arguments":${args}`]),
        ...(file === undefined ? [] : [`"answer":{"body":${jsonText(readText(file), file)}}`]),
        ...(sample === undefined ? [] : [`"sample":${JSON.stringify(sample)}`]),
        ...(call === undefined ? [] : [`"call":${JSON.stringify(call)}`]),
      ]
      const tried = await withGateway(async (api) => {
        const { id } = await findTool(api, meant)
        const made = await working(`Calling ${meant}`, () =>
          api.requestText<TriedTool>('POST', at`/tools/${id}/try`, `{${parts.join(',')}}`),
        )
        if (keep !== undefined) await keepAnswer(api, id, keep, args, made)
        return made
      })
      const kept =
        keep === undefined ? '' : `\n\nThe answer is kept as ${safe(keep)}: what is made of answers is tried on it.`
      answer(options, tried, () => triedText(tried) + kept)
      if (!(tried.outcome as { ok: boolean }).ok) throw new Ended(3)
    })
}

export function proposeFilterCommand() {
  return command('propose-filter', 'propose what to keep of an answer, and say what that saves', [
    'sluice tools propose-filter answer.json',
    'sluice tools propose-filter answer.json --field items.id --field items.title',
  ])
    .argument('<answer>', 'a file with JSON that the API answered')
    .option('--field <path>', 'keep this one; by default what says something', several)
    .action(async (file, options) => {
      const fields = options.field ? `,"fields":${JSON.stringify(options.field)}` : ''
      const body = `{"answer":${jsonText(readText(file), file)}${fields}}`
      const proposed = await withGateway((api) => api.requestText<ProposedFilter>('POST', '/filter-proposals', body))
      answer(options, proposed, () => proposedText(proposed))
    })
}

function proposedText({ filter, tokens, fields }: ProposedFilter): string {
  if (filter === null) return 'There is nothing to leave out.'
  const rows = fields.map(({ path, bytes, kept }) => [kept ? 'kept' : 'left out', String(bytes), path])
  const saved = Math.round(100 - (tokens.after / tokens.before) * 100)
  return [
    safe(filter),
    `${tokens.before} tokens before, ${tokens.after} after: ${saved} % less. Set it: sluice tools edit NAME --response-filter '…'`,
    listing(rows, ['', 'BYTES', 'FIELD'], ''),
  ].join('\n\n')
}

function triedText({ stages, outcome }: TriedTool): string {
  const told = stages.map(({ stage, value, bytes, tokens }) => {
    const weight = bytes === null ? '' : ` (${bytes} bytes, ${tokens} tokens)`
    return `${paint('bold', stage)}${weight}\n${safeLines(asText(value))}`
  })
  return [...told, `${paint('bold', 'what an agent is shown')}\n${safeLines(asText(outcome))}`].join('\n\n')
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

import type { AgreedChanges, Tool } from '@sluice/contract'
import { at, queryText } from '../admin-api.ts'
import { command, given, UsageFault } from '../command.ts'
import { withGateway } from '../connect.ts'
import { findTool } from '../find-tool.ts'
import { answer, count, listing, notesText } from '../print.ts'

/** What imports held for a person to look at. */
export function reviewToolsCommand() {
  return command('review', 'list the tools with a change that somebody must agree to', [
    'sluice tools review',
    'sluice tools review --upstream bookshop',
  ])
    .option('--upstream <slug>', 'those of one upstream')
    .action(async (options) => {
      const query = { pending: true, upstream: options.upstream }
      const items = await withGateway((api) => api.list<Tool>('/tools', query))
      const rows = items.map(({ name, upstream, pending }) => [
        name,
        upstream,
        pending?.risk ?? '',
        pending?.what.join(', ') ?? '',
        pending?.details.join('; ') ?? '',
      ])
      answer(options, { items }, () =>
        listing(rows, ['TOOL', 'UPSTREAM', 'RISK', 'WHAT', 'DETAILS'], 'Nothing waits for anybody.'),
      )
    })
}

export function agreeToolsCommand() {
  return command('agree', 'let tools serve the version that an import held', [
    'sluice tools agree get_book',
    'sluice tools agree --upstream bookshop',
  ])
    .argument('[tools...]', 'names, upstream/name or ids')
    .option('--upstream <slug>', 'all of one upstream')
    .action(async (names, options) => {
      const { upstream } = options
      if (names.length > 0 === (upstream !== undefined)) throw new UsageFault('Name tools, or an upstream.')
      const agreed = await withGateway(async (api) => {
        if (upstream) return api.request<AgreedChanges>('POST', `/tools/agree${queryText(given({ upstream }))}`)
        const found = []
        for (const name of names) found.push(await findTool(api, name))
        let all: AgreedChanges = { agreed: 0, notes: [] }
        for (const { id } of found) {
          const { agreed, notes } = await api.request<AgreedChanges>('POST', at`/tools/${id}/agree`)
          all = { agreed: all.agreed + agreed, notes: [...all.notes, ...notes] }
        }
        return all
      })
      answer(options, agreed, () =>
        [`${count(agreed.agreed, 'tool')} changed`, notesText(agreed.notes)].filter(Boolean).join('\n'),
      )
    })
}

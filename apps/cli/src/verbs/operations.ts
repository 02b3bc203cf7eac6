import { Option } from '@commander-js/extra-typings'
import type { OperationRecord, OperationVersion, OperationVersionDetail } from '@sluice/contract'
import { at } from '../admin-api.ts'
import { command, group } from '../command.ts'
import { withGateway } from '../connect.ts'
import { answer, fields, listing, safeLines } from '../print.ts'

export function operationCommands() {
  return group('operations', 'what the documents say of each method and path', [list(), show(), versions()])
}

function list() {
  return command('list', 'list the operations of an upstream', [
    'sluice operations list bookshop',
    'sluice operations list bookshop --method GET --search orders',
    'sluice operations list bookshop --removed --json',
  ])
    .argument('<upstream>')
    .option('--method <method>', 'those of an HTTP method')
    .option('--search <text>', 'those with it in their path')
    .addOption(new Option('--origin <origin>', 'only those of a document, or made by hand').choices(['spec', 'manual']))
    .option('--removed', 'only those that are no longer in the document')
    .action(async (upstream, { method, search, origin, removed, ...options }) => {
      const query = { method: method?.toUpperCase(), q: search, origin: origin as string | undefined, removed }
      const path = at`/upstreams/${upstream}/operations`
      const items = await withGateway((api) => api.list<OperationRecord>(path, query))
      const rows = items.map((operation) => [
        operation.id,
        `${operation.method} ${operation.path}`,
        operation.removedAt ? `removed ${operation.removedAt}` : operation.origin,
        operation.tools.map(({ name }) => name).join(', '),
      ])
      answer(options, { items }, () => listing(rows, ['ID', 'OPERATION', 'STATE', 'TOOLS'], 'No operation fits.'))
    })
}

function show() {
  return command('show', 'say all that is known of one', ['sluice operations show op_01k…'])
    .argument('<id>', 'its id; `sluice operations list` shows it')
    .action(async (id, options) => {
      const operation = await withGateway((api) => api.request<OperationRecord>('GET', at`/operations/${id}`))
      answer(options, operation, () => operationText(operation))
    })
}

function operationText({ id, upstream, method, path, origin, removedAt, tools }: OperationRecord): string {
  const shown = tools.map(({ name, enabled }) => `${name}${enabled ? '' : ' (disabled)'}`)
  return fields({ operation: `${method} ${path}`, id, upstream, origin, removed: removedAt, tools: shown.join(', ') })
}

function versions() {
  return command('versions', 'list what was said of an operation from time to time, or show one of it in full', [
    'sluice operations versions op_01k…',
    'sluice operations versions op_01k… ver_01k… --json',
  ])
    .argument('<operation>', 'its id; `sluice operations list` shows it')
    .argument('[version]', 'the id of one version')
    .action(async (id, version, options) => {
      if (version !== undefined) {
        const path = at`/operations/${id}/versions/${version}`
        const detail = await withGateway((api) => api.request<OperationVersionDetail>('GET', path))
        return answer(options, detail, () => safeLines(JSON.stringify(detail.definition, null, 2)))
      }
      const items = await withGateway((api) => api.list<OperationVersion>(at`/operations/${id}/versions`))
      const rows = items.map(({ id: own, title, tokens, specRevision, tools }) => [
        own,
        title,
        `${tokens} tokens`,
        specRevision ?? 'made by hand',
        tools.length > 0 ? 'served' : '',
      ])
      answer(options, { items }, () =>
        listing(rows, ['VERSION', 'TITLE', 'COST', 'REVISION', 'STATE'], 'There are none.'),
      )
    })
}

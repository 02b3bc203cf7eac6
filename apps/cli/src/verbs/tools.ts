import type { Tool, ToolDetail, UpdatedTools } from '@sluice/contract'
import { type AdminApi, at, type Query, queryText } from '../admin-api.ts'
import { confirmed } from '../ask.ts'
import { command, Ended, given, group, UsageFault } from '../command.ts'
import { withGateway } from '../connect.ts'
import { findTool } from '../find-tool.ts'
import { answer, count, listing, paint } from '../print.ts'
import { createToolCommand, editToolCommand } from './edit-tools.ts'
import { agreeToolsCommand, reviewToolsCommand } from './review-tools.ts'
import { forgetSampleCommand, keepCallCommand, samplesCommand } from './samples.ts'
import { toolText } from './tool-text.ts'
import { proposeFilterCommand, tryToolCommand } from './try-tool.ts'

export function toolCommands() {
  return group('tools', 'what agents can call: find, enable, edit, try', [
    list(),
    show(),
    enable('enable'),
    enable('disable'),
    editToolCommand(),
    createToolCommand(),
    tryToolCommand(),
    samplesCommand(),
    keepCallCommand(),
    forgetSampleCommand(),
    proposeFilterCommand(),
    reviewToolsCommand(),
    agreeToolsCommand(),
    remove(),
  ])
}

/** The options that choose tools, on a command. */
function filtered(name: string, about: string, examples: readonly string[]) {
  return command(name, about, examples)
    .option('--upstream <slug>', 'those of one upstream')
    .option('--server <slug>', 'those on one server')
    .option('--tag <tag>', 'those with a tag')
    .option('--method <method>', 'those of an HTTP method')
    .option('--search <text>', 'those with it in their name, title or path')
}

interface Filters {
  readonly upstream?: string
  readonly server?: string
  readonly tag?: string
  readonly method?: string
  readonly search?: string
}

function filterOf({ upstream, server, tag, method, search }: Filters): Query {
  return { upstream, server, tag, method: method?.toUpperCase(), q: search }
}

function list() {
  return filtered('list', 'list the tools', [
    'sluice tools list',
    'sluice tools list --upstream bookshop --method GET --disabled',
    'sluice tools list --search order --json',
  ])
    .option('--enabled', 'only those that are served')
    .option('--disabled', 'only those that are not')
    .action(async (options) => {
      const { enabled, disabled } = options
      if (enabled && disabled) throw new UsageFault('--enabled and --disabled together choose nothing.')
      const isEnabled = enabled ? true : disabled ? false : undefined
      const items = await withGateway((api) => api.list<Tool>('/tools', { ...filterOf(options), enabled: isEnabled }))
      answer(options, { items }, () => listing(items.map(rowOf), HEADINGS, 'No tool fits.'))
    })
}

const HEADINGS = ['TOOL', 'UPSTREAM', 'OPERATION', 'TOKENS', 'STATE', 'TAGS']

function rowOf({ name, upstream, method, path, tokens, enabled, removed, tags }: Tool): string[] {
  const state = removed ? 'removed' : enabled ? 'enabled' : 'disabled'
  return [name, upstream, `${method} ${path}`, String(tokens), state, tags.join(', ')]
}

function show() {
  return command('show', 'say all that is known of one', [
    'sluice tools show get_book',
    'sluice tools show bookshop/get_book --json',
  ])
    .argument('<tool>', 'name, upstream/name or id')
    .action(async (meant, options) => {
      const tool = await withGateway(async (api) =>
        api.request<ToolDetail>('GET', at`/tools/${(await findTool(api, meant)).id}`),
      )
      answer(options, tool, () => toolText(tool))
    })
}

function enable(name: 'enable' | 'disable') {
  return filtered(name, `${name} some tools by name, or all that fit`, [
    `sluice tools ${name} get_book list_books`,
    `sluice tools ${name} --upstream bookshop --method DELETE`,
    `sluice tools ${name} --tag orders`,
  ])
    .argument('[tools...]', 'names, upstream/name or ids')
    .action(async (names, options) => {
      const filter = filterOf(options)
      const isFiltered = Object.values(filter).some((value) => value !== undefined)
      if (names.length > 0 === isFiltered) throw new UsageFault('Name tools, or choose them by options.')
      const enabled = name === 'enable'
      const updated = await withGateway(async (api) => {
        const chosen = isFiltered ? {} : { tools: await idsOf(api, names) }
        return api.request<UpdatedTools>('PATCH', `/tools${queryText(filter)}`, { enabled, ...chosen })
      })
      answer(options, updated, () => updatedText(updated, `${name}d`))
    })
}

/** All of them are found before anything is changed, and then changed at once. */
async function idsOf(api: AdminApi, names: readonly string[]): Promise<string[]> {
  const ids = new Set<string>()
  for (const name of names) ids.add((await findTool(api, name)).id)
  return [...ids]
}

function updatedText({ matched, changed, skipped }: UpdatedTools, done: string): string {
  const left = matched - changed - skipped
  return [
    `${count(changed, 'tool')} ${done}`,
    left > 0 ? `${left} ${left === 1 ? 'was' : 'were'} so already` : '',
    skipped > 0 ? paint('yellow', `${skipped} cannot be: their operation is no longer in the document`) : '',
  ]
    .filter(Boolean)
    .join(', ')
}

function remove() {
  return command('delete', 'delete a tool that was made by hand, or a further one of an operation', [
    'sluice tools delete add_note',
  ])
    .argument('<tool>', 'name, upstream/name or id')
    .option('-y, --yes', 'do it without asking')
    .action((meant, options) =>
      withGateway(async (api) => {
        const { id } = await findTool(api, meant)
        if (!(await confirmed(`Delete the tool ${meant}?`, options.yes))) throw new Ended(1)
        await api.request('DELETE', at`/tools/${id}`)
        answer(options, given({ deleted: id }), () => `Deleted ${meant}.`)
      }),
    )
}

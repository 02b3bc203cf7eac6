import type { Server, ServerTool } from '@sluice/contract'
import { type AdminApi, ApiProblem, at } from '../admin-api.ts'
import { confirmed } from '../ask.ts'
import { changesOf, command, Ended, given, group, UsageFault } from '../command.ts'
import { withGateway } from '../connect.ts'
import { findTool } from '../find-tool.ts'
import { answer, count, fields, listing } from '../print.ts'
import { limitEdits, limitsText, withLimitOptions } from './call-limits.ts'
import { codeCallsOption, modeOption } from './mode-option.ts'

export function serverCommands() {
  return group('servers', 'the MCP servers that agents connect to', [
    list(),
    show(),
    create(),
    edit(),
    tools(),
    add(),
    editTool(),
    take(),
    remove(),
  ])
}

function list() {
  return command('list', 'list the servers', ['sluice servers list']).action(async (options) => {
    const items = await withGateway((api) => api.list<Server>('/servers'))
    const rows = items.map(({ slug, name, url, tools }) => [slug, name, toolsOf(tools), url])
    answer(options, { items }, () => listing(rows, ['SERVER', 'NAME', 'TOOLS', 'MCP URL'], 'There are no servers.'))
  })
}

function show() {
  return command('show', 'say all that is known of one', ['sluice servers show bookshop'])
    .argument('<server>')
    .action(async (slug, options) => {
      const server = await withGateway((api) => api.request<Server>('GET', at`/servers/${slug}`))
      answer(options, server, () => serverText(server))
    })
}

function create() {
  return withLimitOptions(
    command('create', 'make a server; tools of any upstream can be put on it', [
      'sluice servers create "Bookshop for support" --slug support',
      'sluice servers add support list_orders get_book',
    ]),
  )
    .argument('<name>')
    .option('--slug <slug>', 'how it is named in URLs and commands')
    .option('--instructions <text>', 'told to the model by clients that pass them on')
    .addOption(modeOption())
    .addOption(codeCallsOption())
    .option('--record-content', 'record arguments and answers of its calls, masked')
    .action(async (name, options) => {
      const { slug, instructions, mode, codeCalls, recordContent } = options
      const body = {
        name,
        ...given({ slug, instructions, mode, codeCalls, recordContent }),
        ...limitEdits(null, options),
      }
      const server = await withGateway((api) => api.request<Server>('POST', '/servers', body))
      answer(options, server, () => serverText(server))
    })
}

function edit() {
  return withLimitOptions(
    command('edit', 'change its name, slug, instructions, mode or limits', [
      'sluice servers edit support --instructions "Ask for the order number first."',
      'sluice servers edit support --calls-per-minute 600',
      'sluice servers edit support --mode search',
    ]),
  )
    .argument('<server>')
    .option('--name <name>')
    .option('--slug <slug>')
    .option('--instructions <text>')
    .addOption(modeOption())
    .addOption(codeCallsOption())
    .option('--unlimited', 'as many calls as come')
    .option('--record-content', 'record arguments and answers of its calls, masked')
    .option('--no-record-content', 'record neither')
    .action(async (slug, options) => {
      changesOf(options)
      const { name, slug: next, instructions, mode, codeCalls, recordContent } = options
      const server = await withGateway((api) =>
        api.update<Server>(at`/servers/${slug}`, ({ limits }) => ({
          ...given({ name, slug: next, instructions, mode, codeCalls, recordContent }),
          ...limitEdits(limits, options),
        })),
      )
      answer(options, server, () => serverText(server))
    })
}

function tools() {
  return command('tools', 'list what is on a server', ['sluice servers tools support'])
    .argument('<server>')
    .action(async (slug, options) => {
      const items = await withGateway((api) => api.list<ServerTool>(at`/servers/${slug}/tools`))
      const rows = items.map((tool) => [
        tool.name,
        tool.upstream,
        `${tool.method} ${tool.path}`,
        [tool.enabled ? 'enabled' : 'disabled', tool.unlisted && 'unlisted', tool.pinned && 'pinned']
          .filter(Boolean)
          .join(', '),
      ])
      answer(options, { items }, () =>
        listing(
          rows,
          ['TOOL', 'UPSTREAM', 'OPERATION', 'STATE'],
          `No tool is on it: sluice servers add ${slug} <tool>`,
        ),
      )
    })
}

function add() {
  return placed(
    command('add', 'put tools on a server', [
      'sluice servers add support list_orders get_book',
      'sluice servers add support shop/list_orders --alias find_orders',
    ]),
  )
    .argument('<server>')
    .argument('<tools...>', 'names, upstream/name or ids')
    .action((slug, names, options) =>
      withGateway(async (api) => {
        const { alias, unlisted, pinned } = options
        if (alias && names.length > 1) throw new UsageFault('One alias is for one tool.')
        const wanted: object[] = []
        for (const name of names)
          wanted.push({ id: (await findTool(api, name)).id, ...given({ alias, unlisted, pinned }) })
        await api.request('POST', at`/servers/${slug}/tools`, { tools: wanted })
        answer(options, { added: wanted.length }, () => `${count(wanted.length, 'tool')} put on ${slug}.`)
      }),
    )
}

function editTool() {
  return placed(
    command('edit-tool', 'change how a tool stands on a server', [
      'sluice servers edit-tool support list_orders --alias find_orders',
      'sluice servers edit-tool support find_orders --no-alias --no-unlisted',
    ]),
  )
    .option('--no-alias', 'its own name again')
    .option('--no-unlisted', 'list it again')
    .option('--no-pinned', 'pin it no longer')
    .argument('<server>')
    .argument('<tool>', 'its name there, or its id')
    .action((slug, name, options) =>
      withGateway(async (api) => {
        const { alias, unlisted, pinned } = options
        const changes = given({ alias: alias === false ? null : alias, unlisted, pinned })
        if (Object.keys(changes).length === 0) throw new UsageFault('Say what to change.')
        const { id } = await findServerTool(api, slug, name)
        const tool = await api.update<ServerTool>(at`/servers/${slug}/tools/${id}`, () => changes)
        answer(options, tool, () => `Changed ${tool.name}.`)
      }),
    )
}

/** How a tool stands on a server. */
function placed(base: ReturnType<typeof command>) {
  return base
    .option('--alias <name>', 'what it is called there')
    .option('--unlisted', 'it can be called, but no list shows it')
    .option('--pinned', 'it stays listed where tools are found by searching')
}

function take() {
  return command('remove', 'take tools off a server; they stay in the library', [
    'sluice servers remove support list_orders',
  ])
    .argument('<server>')
    .argument('<tools...>', 'their names there, or ids')
    .action((slug, names, options) =>
      withGateway(async (api) => {
        const found: string[] = []
        for (const name of names) found.push((await findServerTool(api, slug, name)).id)
        for (const id of found) await api.request('DELETE', at`/servers/${slug}/tools/${id}`)
        answer(options, { removed: found.length }, () => `${count(found.length, 'tool')} taken off ${slug}.`)
      }),
    )
}

async function findServerTool(api: AdminApi, slug: string, meant: string): Promise<{ readonly id: string }> {
  const items = await api.list<ServerTool>(at`/servers/${slug}/tools`)
  const found = items.find(({ id, name }) => id === meant || name === meant)
  if (found) return found
  const detail = `No tool "${meant}" is on ${slug}. \`sluice servers tools ${slug}\` shows what is.`
  throw new ApiProblem({ code: 'not-found', status: 404, detail })
}

function remove() {
  return command('delete', 'delete a server; its tools stay in the library', ['sluice servers delete support'])
    .argument('<server>')
    .option('-y, --yes', 'do it without asking')
    .action((slug, options) =>
      withGateway(async (api) => {
        const { url } = await api.request<Server>('GET', at`/servers/${slug}`)
        if (!(await confirmed(`Delete ${slug}? Agents that use ${url} lose it.`, options.yes))) throw new Ended(1)
        await api.request('DELETE', at`/servers/${slug}`)
        answer(options, { deleted: slug }, () => `Deleted ${slug}.`)
      }),
    )
}

function serverText({
  slug,
  name,
  url,
  mode,
  codeCalls,
  recordContent,
  offers,
  instructions,
  limits,
  tools,
}: Server): string {
  const offered = mode === 'auto' ? `${offers.mode} (auto: ${offers.why})` : mode
  const about = {
    server: slug,
    name,
    'MCP URL': url,
    tools: toolsOf(tools),
    mode: offered,
    ...(offers.mode === 'code' ? { 'code may call': codeCalls } : {}),
    ...(recordContent ? { recorded: 'arguments and answers too' } : {}),
    instructions,
  }
  return fields({ ...about, limits: limitsText(limits) })
}

function toolsOf({ enabled, total }: Server['tools']): string {
  return `${enabled} of ${total} enabled`
}

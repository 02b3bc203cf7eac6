import type { AccessKey, CreatedAccessKey } from '@sluice/contract'
import { type AdminApi, at } from '../admin-api.ts'
import { changesOf, command, given, group, several, UsageFault } from '../command.ts'
import { withGateway } from '../connect.ts'
import { findTool } from '../find-tool.ts'
import { answer, fields, listing } from '../print.ts'
import { limitEdits, limitsText, withLimitOptions } from './call-limits.ts'

export function accessKeyCommands() {
  return group('key', 'the access keys of agents', [create(), list(), show(), edit(), revoke()])
}

/** What a key opens. */
function opening(base: ReturnType<typeof command>) {
  return withLimitOptions(base)
    .option('--server <slug>', 'a server that it opens', several)
    .option('--tool <tool>', 'only this tool, and those with a --tag', several)
    .option('--tag <tag>', 'only tools with this tag, and each --tool', several)
    .option('--read-only', 'only tools that change nothing')
    .option('--expires <date>', 'a day (its first moment, UTC) or an RFC 3339 time', asInstant)
}

interface Opening {
  readonly server?: readonly string[] | undefined
  readonly tool?: readonly string[] | undefined
  readonly tag?: readonly string[] | undefined
  readonly readOnly?: boolean | undefined
  readonly expires?: string | undefined
}

async function openingOf(api: AdminApi, { server, tool, tag, readOnly, expires }: Opening) {
  const tools: string[] = []
  for (const name of tool ?? []) tools.push((await findTool(api, name)).id)
  return given({
    servers: server,
    tools: tool ? tools : undefined,
    tags: tag,
    readOnly,
    expiresAt: expires,
  })
}

function create() {
  return opening(
    command('create', 'make a key; it is shown once', [
      `sluice key create --server bookshop --name "Ada's laptop"`,
      'sluice key create --server bookshop --read-only --expires 2030-01-31',
      'sluice key create --server bookshop --tag orders --tool get_book',
      'sluice key create --server bookshop --calls-per-minute 60 --calls-at-once 4',
    ]),
  )
    .option('--name <name>', 'whose it is')
    .action(async (options) => {
      const { server, name } = options
      if (!server) throw new UsageFault('Name the server that the key opens: --server SLUG.')
      await withGateway(async (api) => {
        const opening = await openingOf(api, options)
        const body = { name: name ?? `for ${server.join(', ')}`, ...opening, ...limitEdits(null, options) }
        const created = await api.request<CreatedAccessKey>('POST', '/access-keys', body)
        answer(options, created, () => createdText(created))
      })
    })
}

function createdText({ key, servers, expiresAt, id }: CreatedAccessKey): string {
  return `${key}\nThis is shown once. It opens ${servers.join(', ')}${expiresAt ? ` until ${expiresAt}` : ''}; its id is ${id}.`
}

/** A day alone means its first moment, UTC. @throws UsageFault for what is neither a day nor a time */
function asInstant(text: string): string {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text
  if (RFC_3339.test(instant) && !Number.isNaN(Date.parse(instant))) return instant
  throw new UsageFault(`--expires takes a day (2030-01-31) or an RFC 3339 time (2030-01-31T12:00:00Z), not "${text}".`)
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/

function list() {
  return command('list', 'list the keys, without the keys themselves', ['sluice key list']).action(async (options) => {
    const items = await withGateway((api) => api.list<AccessKey>('/access-keys'))
    const rows = items.map((key) => [
      key.id,
      `${key.prefix}…`,
      key.name,
      key.servers.join(', '),
      stateOf(key),
      key.lastUsedAt ?? 'never',
    ])
    answer(options, { items }, () =>
      listing(rows, ['ID', 'KEY', 'NAME', 'SERVERS', 'STATE', 'LAST USED'], 'There are no access keys.'),
    )
  })
}

function stateOf({ revokedAt, expiresAt }: Pick<AccessKey, 'revokedAt' | 'expiresAt'>): string {
  if (revokedAt) return `revoked ${revokedAt}`
  if (expiresAt && Date.parse(expiresAt) <= Date.now()) return `expired ${expiresAt}`
  return expiresAt ? `until ${expiresAt}` : 'valid'
}

function show() {
  return command('show', 'say what a key opens', ['sluice key show key_01k…'])
    .argument('<id>', 'its id; `sluice key list` shows it')
    .action(async (id, options) => {
      const key = await withGateway((api) => api.request<AccessKey>('GET', at`/access-keys/${id}`))
      answer(options, key, () => keyText(key))
    })
}

function keyText(key: AccessKey): string {
  return fields({
    id: key.id,
    name: key.name,
    key: `${key.prefix}…`,
    servers: key.servers.join(', '),
    tools: key.tools?.join(', ') ?? (key.tags ? '' : 'all'),
    tags: key.tags?.join(', '),
    'read only': key.readOnly ? 'yes' : 'no',
    limits: limitsText(key.limits),
    state: stateOf(key),
    created: key.createdAt,
    'last used': key.lastUsedAt ?? 'never',
  })
}

function edit() {
  return opening(
    command('edit', 'change what a key opens, from its next request on', [
      'sluice key edit key_01k… --read-only',
      'sluice key edit key_01k… --all-tools --no-expiry',
    ]),
  )
    .argument('<id>', 'its id; `sluice key list` shows it')
    .option('--name <name>', 'whose it is')
    .option('--all-tools', 'every tool of its servers again')
    .option('--no-read-only', 'tools that change something too')
    .option('--no-expiry', 'it does not expire')
    .option('--unlimited', 'as many calls as it likes')
    .action((id, options) =>
      withGateway(async (api) => {
        changesOf(options)
        const changes = {
          ...given({ name: options.name }),
          ...(await openingOf(api, options)),
          ...(options.allTools ? { tools: null, tags: null } : {}),
          ...(options.expiry ? {} : { expiresAt: null }),
        }
        const key = await api.update<AccessKey>(at`/access-keys/${id}`, (current) => ({
          ...changes,
          ...limitEdits(current.limits, options),
        }))
        answer(options, key, () => keyText(key))
      }),
    )
}

function revoke() {
  return command('revoke', 'end a key; it stops working within a second', ['sluice key revoke key_01k…'])
    .argument('<id>', 'its id; `sluice key list` shows it')
    .action(async (id, options) => {
      const revoked = await withGateway((api) => api.request<AccessKey>('DELETE', at`/access-keys/${id}`))
      answer(options, revoked, () => `Revoked ${revoked.id} (${revoked.name}).`)
    })
}

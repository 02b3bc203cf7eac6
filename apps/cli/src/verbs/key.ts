import { parseArgs } from 'node:util'
import type { AccessKey, CreatedAccessKey } from '@sluice/contract'
import { withGateway } from '../connect.ts'
import { print, table } from '../print.ts'
import { UsageFault, type Verb } from '../verb.ts'

export const key: Verb = {
  help: `sluice key create --server SLUG… [--name NAME] [--expires DATE] [--json]
sluice key list [--json]
sluice key revoke <id> [--json]

A key is shown once, when it is made. A revoked key stops working within a second.

  sluice key create --server bookshop --name "Ada's laptop"
  sluice key create --server bookshop --expires 2030-01-31
  sluice key revoke key_01k…`,
  async run(argv) {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        server: { type: 'string', multiple: true },
        name: { type: 'string' },
        expires: { type: 'string' },
        json: { type: 'boolean' },
      },
    })
    const [action, id] = positionals
    switch (action) {
      case 'create':
        return create({ servers: values.server, name: values.name, expiresAt: values.expires }, values.json === true)
      case 'list':
        return list(values.json === true)
      case 'revoke':
        if (!id) throw new UsageFault('Name the key to revoke by its id; `sluice key list` shows it.')
        return revoke(id, values.json === true)
      default:
        throw new UsageFault('Say what to do: create, list or revoke.')
    }
  },
}

async function create(
  given: { servers: string[] | undefined; name: string | undefined; expiresAt: string | undefined },
  json: boolean,
): Promise<number> {
  if (!given.servers) throw new UsageFault('Name the server that the key opens: --server SLUG.')
  const body = {
    servers: given.servers,
    name: given.name ?? `for ${given.servers.join(', ')}`,
    ...(given.expiresAt ? { expiresAt: asInstant(given.expiresAt) } : {}),
  }
  const created = await withGateway((api) => api.request<CreatedAccessKey>('POST', '/access-keys', body))
  print(
    json
      ? JSON.stringify(created)
      : `${created.key}\nThis is shown once. It opens ${created.servers.join(', ')}${created.expiresAt ? ` until ${created.expiresAt}` : ''}; its id is ${created.id}.`,
  )
  return 0
}

/** A day alone means its first moment, UTC. */
function asInstant(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text
}

async function list(json: boolean): Promise<number> {
  const { items } = await withGateway((api) => api.request<{ items: AccessKey[] }>('GET', '/access-keys?limit=200'))
  const rows = items.map(({ id, prefix, name, servers, ...key }) => [
    id,
    `${prefix}…`,
    name,
    servers.join(', '),
    stateOf(key),
  ])
  print(json ? JSON.stringify({ items }) : rows.length > 0 ? table(rows) : 'There are no access keys.')
  return 0
}

function stateOf({ revokedAt, expiresAt }: Pick<AccessKey, 'revokedAt' | 'expiresAt'>): string {
  if (revokedAt) return `revoked ${revokedAt}`
  if (expiresAt && Date.parse(expiresAt) <= Date.now()) return `expired ${expiresAt}`
  return expiresAt ? `until ${expiresAt}` : 'valid'
}

async function revoke(id: string, json: boolean): Promise<number> {
  const revoked = await withGateway((api) => api.request<AccessKey>('DELETE', `/access-keys/${encodeURIComponent(id)}`))
  print(json ? JSON.stringify(revoked) : `Revoked ${revoked.id} (${revoked.name}).`)
  return 0
}

import { Option } from '@commander-js/extra-typings'
import type { AdminKey, CreatedAdminKey, Role } from '@sluice/contract'
import { at } from '../admin-api.ts'
import { command, group } from '../command.ts'
import { adminKey, runningGateway, withGateway } from '../connect.ts'
import { answer, listing } from '../print.ts'

export function adminKeyCommands() {
  return group('admin-key', 'the keys of people and programs that manage Sluice', [create(), list(), revoke()])
}

function create() {
  return command('create', 'make an admin key; it is shown once', [
    'sluice admin-key create --role viewer --name dashboards',
    'sluice admin-key create --local',
    'DATABASE_URL=postgres://… sluice admin-key create --local',
  ])
    .addOption(new Option('--role <role>', 'what it may do').choices(['owner', 'editor', 'viewer']).default('owner'))
    .option('--name <name>', 'whose it is', 'made on the command line')
    .option('--local', 'directly in the database, when locked out; an embedded one must not be in use')
    .addHelpText(
      'after',
      '\nWithout a running gateway, or without a key for it, it is made directly in the database too.',
    )
    .action(async (options) => {
      const wanted = { name: options.name, role: options.role as Role }
      const api = !options.local && (await adminKey(false)) ? await runningGateway() : undefined
      const created = api
        ? await api.request<CreatedAdminKey>('POST', '/admin-keys', wanted)
        : await createInDatabase(wanted)
      answer(options, created, () => createdText(created))
    })
}

async function createInDatabase(wanted: { readonly name: string; readonly role: Role }): Promise<CreatedAdminKey> {
  const { createLocalAdminKey, loadConfig } = await import('@sluice/gateway')
  return createLocalAdminKey(loadConfig(), wanted)
}

function createdText({ key, role, id }: CreatedAdminKey): string {
  return `${key}\nThis is shown once. Its role is ${role}, its id is ${id}; use it as SLUICE_ADMIN_KEY.`
}

function list() {
  return command('list', 'list the admin keys, without the keys themselves', ['sluice admin-key list']).action(
    async (options) => {
      const items = await withGateway((api) => api.list<AdminKey>('/admin-keys'))
      const rows = items.map(({ id, prefix, name, role, createdAt, revokedAt }) => [
        id,
        `${prefix}…`,
        name,
        role,
        revokedAt ? `revoked ${revokedAt}` : `since ${createdAt}`,
      ])
      answer(options, { items }, () =>
        listing(rows, ['ID', 'KEY', 'NAME', 'ROLE', 'STATE'], 'There are no admin keys.'),
      )
    },
  )
}

function revoke() {
  return command('revoke', 'end an admin key at once', ['sluice admin-key revoke ak_01k…'])
    .argument('<id>', 'its id; `sluice admin-key list` shows it')
    .action(async (id, options) => {
      const revoked = await withGateway((api) => api.request<AdminKey>('DELETE', at`/admin-keys/${id}`))
      answer(options, revoked, () => `Revoked ${id}.`)
    })
}

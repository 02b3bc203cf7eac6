import { Option } from '@commander-js/extra-typings'
import type { AdminKey, CreatedAdminKey, Role } from '@sluice/contract'
import { at } from '../admin-api.ts'
import { changesOf, command, group } from '../command.ts'
import { adminKey, runningGateway, withGateway } from '../connect.ts'
import { answer, fields, listing } from '../print.ts'

export function adminKeyCommands() {
  return group('admin-key', 'the keys of people and programs that manage Sluice', [
    create(),
    list(),
    show(),
    edit(),
    revoke(),
  ])
}

const ROLES = ['owner', 'editor', 'viewer']

function create() {
  return command('create', 'make an admin key; it is shown once', [
    'sluice admin-key create --role viewer --name dashboards',
    'sluice admin-key create --local',
    'DATABASE_URL=postgres://… sluice admin-key create --local',
  ])
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).default('owner'))
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
  return command('list', 'list the admin keys, without the keys themselves', [
    'sluice admin-key list',
    'sluice admin-key list --role owner --search ada',
  ])
    .addOption(new Option('--role <role>', 'only those of a role').choices(ROLES))
    .option('--search <text>', 'those with it in their name')
    .option('--revoked', 'only those that were revoked')
    .action(async ({ role, search, revoked, ...options }) => {
      const filters = { role: role as string | undefined, q: search, revoked }
      const items = await withGateway((api) => api.list<AdminKey>('/admin-keys', filters))
      const rows = items.map(({ id, prefix, name, role, createdAt, revokedAt }) => [
        id,
        `${prefix}…`,
        name,
        role,
        revokedAt ? `revoked ${revokedAt}` : `since ${createdAt}`,
      ])
      answer(options, { items }, () =>
        listing(rows, ['ID', 'KEY', 'NAME', 'ROLE', 'STATE'], 'There are no such admin keys.'),
      )
    })
}

function show() {
  return command('show', 'say whose a key is and what it may do', ['sluice admin-key show ak_01k…'])
    .argument('<id>', 'its id; `sluice admin-key list` shows it')
    .action(async (id, options) => {
      const key = await withGateway((api) => api.request<AdminKey>('GET', at`/admin-keys/${id}`))
      answer(options, key, () => keyText(key))
    })
}

function edit() {
  return command('edit', 'rename a key, or give it another role', [
    'sluice admin-key edit ak_01k… --role viewer',
    'sluice admin-key edit ak_01k… --name dashboards',
  ])
    .argument('<id>', 'its id; `sluice admin-key list` shows it')
    .option('--name <name>', 'whose it is')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES))
    .action(async (id, options) => {
      const changes = changesOf(options)
      const key = await withGateway((api) => api.update<AdminKey>(at`/admin-keys/${id}`, () => changes))
      answer(options, key, () => keyText(key))
    })
}

function keyText({ id, name, role, prefix, createdAt, revokedAt }: AdminKey): string {
  return fields({ id, name, role, key: `${prefix}…`, created: createdAt, revoked: revokedAt })
}

function revoke() {
  return command('revoke', 'end an admin key at once', ['sluice admin-key revoke ak_01k…'])
    .argument('<id>', 'its id; `sluice admin-key list` shows it')
    .action(async (id, options) => {
      const revoked = await withGateway((api) => api.request<AdminKey>('DELETE', at`/admin-keys/${id}`))
      answer(options, revoked, () => `Revoked ${id}.`)
    })
}

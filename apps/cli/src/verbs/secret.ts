import type { Secret } from '@sluice/contract'
import { type AdminApi, ApiProblem, at } from '../admin-api.ts'
import { askSecret } from '../ask.ts'
import { command, group, several } from '../command.ts'
import { withGateway } from '../connect.ts'
import { answer, count, listing } from '../print.ts'

export function secretCommands() {
  return group('secret', 'values that arguments are fixed to; sealed, never shown', [
    list(),
    create(),
    set(),
    rename(),
    remove(),
  ])
}

function list() {
  return command('list', 'list the secrets, without their values', ['sluice secret list']).action(async (options) => {
    const items = await withGateway((api) => api.list<Secret>('/secrets'))
    const rows = items.map(({ name, origins, tools, updatedAt }) => [
      name,
      origins.join(', '),
      count(tools, 'tool'),
      updatedAt,
    ])
    answer(options, { items }, () => listing(rows, ['SECRET', 'SENT TO', 'USED BY', 'SET'], 'There are no secrets.'))
  })
}

function create() {
  return command('create', 'make a secret; its value is typed unseen, or read from standard input', [
    'sluice secret create "tenant id" --origin https://api.example.com < tenant.txt',
    'sluice tools edit list_books --fix-secret tenant="tenant id"',
  ])
    .argument('<name>')
    .requiredOption('--origin <origin>', 'who may see it: scheme, host and port', several)
    .action((name, options) =>
      withGateway(async (api) => {
        const body = { name, value: await askSecret(`Value of ${name}`), origins: options.origin }
        const secret = await api.request<Secret>('POST', '/secrets', body)
        answer(options, secret, () => `Made ${secret.name}, sent to ${secret.origins.join(', ')} only.`)
      }),
    )
}

function set() {
  return command('set', 'give a secret a new value', ['sluice secret set "tenant id" < tenant.txt'])
    .argument('<secret>')
    .action((name, options) =>
      withGateway(async (api) => {
        const { id } = await findSecret(api, name)
        const value = await askSecret(`New value of ${name}`)
        const secret = await api.update<Secret>(at`/secrets/${id}`, () => ({ value }))
        answer(options, secret, () => `Set ${secret.name}; it is used from the next call on.`)
      }),
    )
}

function rename() {
  return command('rename', 'give a secret another name; tools that use it go on', [
    'sluice secret rename "tenant id" "tenant of team blue"',
  ])
    .argument('<secret>')
    .argument('<new-name>')
    .action((name, newName, options) =>
      withGateway(async (api) => {
        const { id } = await findSecret(api, name)
        const secret = await api.update<Secret>(at`/secrets/${id}`, () => ({ name: newName }))
        answer(options, secret, () => `${name} is named ${secret.name} now.`)
      }),
    )
}

function remove() {
  return command('delete', 'delete a secret that no tool uses', ['sluice secret delete "tenant id"'])
    .argument('<secret>')
    .action((name, options) =>
      withGateway(async (api) => {
        await api.request('DELETE', at`/secrets/${(await findSecret(api, name)).id}`)
        answer(options, { deleted: name }, () => `Deleted ${name}.`)
      }),
    )
}

/** @throws ApiProblem when there is none */
export async function findSecret(api: AdminApi, meant: string): Promise<Secret> {
  const found = (await api.list<Secret>('/secrets')).find(({ id, name }) => id === meant || name === meant)
  if (found) return found
  throw new ApiProblem({
    code: 'not-found',
    status: 404,
    detail: `There is no secret "${meant}". \`sluice secret list\` shows them.`,
  })
}

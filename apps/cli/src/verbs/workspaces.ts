import type { AuditEvent, CreatedWorkspace, Workspace } from '@sluice/contract'
import { at } from '../admin-api.ts'
import { confirmed } from '../ask.ts'
import { command, Ended, group } from '../command.ts'
import { installationKey, withGateway } from '../connect.ts'
import { answer, fields, listing } from '../print.ts'
import { wholeNumber } from '../whole-number.ts'

export function workspaceCommands() {
  return group('workspaces', 'the tenants of an installation; needs the installation key', [
    list(),
    create(),
    rename(),
    remove(),
    events(),
  ])
}

/** What opens no workspace, and manages them all. */
function keyed(name: string, about: string, examples: readonly string[]) {
  return command(name, about, examples)
    .option('--installation-key-file <file>', 'by default SLUICE_INSTALLATION_KEY, or the setting INSTALLATION_KEY')
    .addHelpText('after', '\nThe key is the setting INSTALLATION_KEY of the gateway; it opens nothing in a workspace.')
}

const keyOf = ({ installationKeyFile }: { readonly installationKeyFile?: string }) => {
  return () => installationKey(installationKeyFile)
}

function list() {
  return keyed('list', 'list the workspaces', ['sluice workspaces list']).action(async (options) => {
    const items = await withGateway((api) => api.list<Workspace>('/workspaces'), keyOf(options))
    const rows = items.map(({ id, name, createdAt }) => [id, name, createdAt])
    answer(options, { items }, () => listing(rows, ['ID', 'NAME', 'SINCE'], 'There are no workspaces.'))
  })
}

function create() {
  return keyed('create', 'make a workspace; the key of its first owner is shown once', [
    'sluice workspaces create "Team blue"',
    'sluice workspaces create "Team blue" --installation-key-file /run/secrets/installation-key --json',
  ])
    .argument('<name>')
    .action(async (name, options) => {
      const made = await withGateway(
        (api) => api.request<CreatedWorkspace>('POST', '/workspaces', { name }),
        keyOf(options),
      )
      answer(options, made, () => createdText(made))
    })
}

function createdText({ id, name, adminKey }: CreatedWorkspace): string {
  return `${adminKey.key}\nThis is shown once. It owns the workspace "${name}" (${id}); use it as SLUICE_ADMIN_KEY.`
}

function rename() {
  return keyed('rename', 'give a workspace another name', ['sluice workspaces rename ws_01k… "Team green"'])
    .argument('<id>', 'its id; `sluice workspaces list` shows it')
    .argument('<name>')
    .action(async (id, name, options) => {
      const renamed = await withGateway(
        (api) => api.update<Workspace>(at`/workspaces/${id}`, () => ({ name })),
        keyOf(options),
      )
      answer(options, renamed, () => fields({ id: renamed.id, name: renamed.name, since: renamed.createdAt }))
    })
}

function remove() {
  return keyed('delete', 'delete a workspace with everything in it, for good', ['sluice workspaces delete ws_01k…'])
    .argument('<id>', 'its id; `sluice workspaces list` shows it')
    .option('-y, --yes', 'do it without asking')
    .action((id, options) =>
      withGateway(async (api) => {
        const { name } = await api.request<Workspace>('GET', at`/workspaces/${id}`)
        const question = `Delete the workspace "${name}" with all its servers, tools, keys and secrets?`
        if (!(await confirmed(question, options.yes))) throw new Ended(1)
        await api.request('DELETE', at`/workspaces/${id}`)
        answer(options, { deleted: id }, () => `Deleted ${name} (${id}).`)
      }, keyOf(options)),
    )
}

function events() {
  return keyed('events', 'list what was done to workspaces, those that are gone too', ['sluice workspaces events'])
    .option('--limit <number>', 'how many of the newest', wholeNumber, 50)
    .action(async ({ limit, ...options }) => {
      const items = await withGateway((api) => api.list<AuditEvent>('/workspace-events', {}, limit), keyOf(options))
      const rows = items.map(({ at: when, action, target, before, after }) => [
        when,
        action,
        target,
        [before, after]
          .map((side) => (side as { name?: string } | null)?.name)
          .filter(Boolean)
          .join(' → '),
      ])
      answer(options, { items }, () => listing(rows, ['AT', 'ACTION', 'WORKSPACE', 'NAME'], 'Nothing was done.'))
    })
}

import type { Bundle } from '@sluice/contract'
import { queryText } from '../admin-api.ts'
import { writeBundleFolder } from '../bundle-folder.ts'
import { command } from '../command.ts'
import { withGateway } from '../connect.ts'
import { answer, count, safe } from '../print.ts'

export function exportCommand() {
  return command('export', 'write the workspace, or one server, as a folder of files that git can keep', [
    'sluice export gateway',
    'sluice export shop-bundle --server shop',
  ])
    .addHelpText(
      'after',
      `
YAML for upstreams, tools, servers and what hangs on them, documents as they were received; no ids, no times, no secrets:
those are named. Exported again into the same folder, what is gone is removed. \`sluice apply\` brings it back, here or elsewhere.`,
    )
    .argument('<folder>', 'a new folder, or one that was exported before')
    .option('--server <slug>', 'only this server, and the upstreams, secrets and issuers that it needs')
    .action(async (folder, { server, ...options }) => {
      const bundle = await withGateway((api) => api.request<Bundle>('GET', `/bundle${queryText({ server })}`))
      writeBundleFolder(folder, bundle.files)
      const told = { folder, files: bundle.files.map(({ path }) => path), notes: bundle.notes }
      answer(options, told, () =>
        [`Wrote ${count(told.files.length, 'file')} to ${folder}.`, ...told.notes.map(safe)].join('\n'),
      )
    })
}

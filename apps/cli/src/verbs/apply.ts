import type { ApplyBundle, ApplyReport } from '@sluice/contract'
import { type AdminApi, queryText } from '../admin-api.ts'
import { confirmed, working } from '../ask.ts'
import { readBundleFolder } from '../bundle-folder.ts'
import { bundleText } from '../bundle-text.ts'
import { command, Ended, UsageFault } from '../command.ts'
import { withGateway } from '../connect.ts'
import { answer, count, print } from '../print.ts'

const FOLDER = 'a folder that `sluice export` wrote'

export function diffCommand() {
  return command('diff', 'say what differs between an exported folder and the workspace', [
    'sluice diff gateway',
    'sluice diff gateway --check',
  ])
    .argument('<folder>', FOLDER)
    .option('--check', 'exit with 1 when anything differs, for CI')
    .option('--prune', 'with what `sluice apply --prune` would remove')
    .action((folder, { check, prune, ...options }) =>
      withGateway(async (api) => {
        // Compared as one's own: what is on and off counts, too.
        const report = await send(api, { files: readBundleFolder(folder), trust: true, ...(prune ? { prune } : {}) })
        answer(options, report, () => bundleText(report))
        endWhere(check, report)
      }),
    )
}

export function applyCommand() {
  return command('apply', 'make the workspace what an exported folder says, all of it or nothing', [
    'sluice apply gateway --trust',
    'sluice apply gateway --trust --prune --yes',
    'sluice apply somebodys-bundle',
    'sluice apply gateway --check',
  ])
    .addHelpText(
      'after',
      `
Shows what would change and asks. Without --trust a bundle only adds: what is here already is left alone, and what is new is
off until you looked at it. What agents would read at once (instructions, prompts, resources), private addresses and issuers
are left out. Your own bundle is applied with --trust. Secrets are never in a bundle: those that are missing are named, and the
answer says how to set each.`,
    )
    .argument('<folder>', FOLDER)
    .option('--trust', 'it is yours: change what is here, and enable what it enables')
    .option('--prune', 'remove what it does not have; secrets stay, and credentials of what stays')
    .option('--accept', 'agree to changes of documents, so that none is held')
    .option('--check', 'change nothing, and exit with 1 when anything differs, for CI')
    .option('-y, --yes', 'do it without asking')
    .action(async (folder, { trust, prune, accept, check, yes, ...options }) => {
      if (options.json && !yes && !check) throw new UsageFault('With --json nobody is asked: add --yes or --check.')
      const chosen = {
        ...(trust || check ? { trust: true } : {}),
        ...(prune ? { prune } : {}),
        ...(accept ? { accept } : {}),
      }
      const body = { files: readBundleFolder(folder), ...chosen }
      await withGateway(async (api) => {
        if (check) {
          const report = await send(api, body)
          answer(options, report, () => bundleText(report))
          return endWhere(check, report)
        }
        const plan = yes ? undefined : await send(api, body)
        if (plan) print(bundleText(plan))
        if (plan?.changes.length === 0) return
        if (plan && !(await confirmed('Apply this?', yes))) return refuse()
        const report = await send(api, body, { commit: true, plan: plan?.plan })
        answer(options, report, () =>
          plan ? `Applied ${count(report.changes.length, 'change')}.` : bundleText(report),
        )
      })
    })
}

function send(
  api: AdminApi,
  body: ApplyBundle,
  query: { commit?: boolean; plan?: string | undefined } = {},
): Promise<ApplyReport> {
  const what = query.commit ? 'Applying it' : 'Comparing'
  return working(what, () => api.request('POST', `/bundle${queryText(query)}`, body))
}

function endWhere(check: true | undefined, { changes, left }: ApplyReport): void {
  if (check && changes.length + left.length > 0) throw new Ended(1)
}

function refuse(): never {
  print('Nothing was changed.')
  throw new Ended(1)
}

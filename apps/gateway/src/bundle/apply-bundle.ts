import { createHash } from 'node:crypto'
import {
  type Admin,
  type ApplyBundle,
  type ApplyQuery,
  type ApplyReport,
  type BundleHead,
  Problem,
} from '@sluice/contract'
import { canonicalJson } from '@sluice/schema'
import { inTransaction, readWorkspace, type WorkspaceRows } from '@sluice/store'
import type { AdminDeps } from '../admin/deps.ts'
import type { AdminRoute } from '../admin/route.ts'
import { planMoved } from '../plan-moved.ts'
import { applyIssuers } from './apply-issuers.ts'
import { applyServers } from './apply-servers.ts'
import { applyTools } from './apply-tools.ts'
import { addedAllow, applySecrets, applyUpstreams, needsImport } from './apply-upstreams.ts'
import { type Applying, rowsNow, serversOf, upstreamsOf } from './applying.ts'
import { type BundleValues, bundleValues } from './bundle-values.ts'
import { compareValues } from './compare-values.ts'
import { createPerform, type Perform } from './perform.ts'
import { pruneWorkspace } from './prune-workspace.ts'
import { readAhead } from './read-ahead.ts'
import { type ReadBundle, readBundle } from './read-bundle.ts'
import type { Scope } from './scope.ts'
import { secretsToSet } from './secrets-to-set.ts'

/**
 * The life of an apply. Only this file knows the order. All of it is done in one transaction, by the routes that a person would
 * use; without `commit` the transaction is taken back, so what is told is what would happen. It happens whole or not at all.
 * @throws Problem with the faults of the bundle, each at its file, pointer and line
 */
export async function applyBundle(
  admin: Admin,
  request: ApplyBundle,
  { commit = false, plan }: ApplyQuery,
  deps: AdminDeps,
  tableOf: (deps: AdminDeps) => readonly AdminRoute[],
): Promise<ApplyReport> {
  const bundle = await readBundle(request.files, deps.imports.parseYaml)
  const { trust = false, prune = false, accept = false } = request
  if (prune) refusePrune(bundle, trust)
  const ahead = await readDocuments(admin, bundle, { trust, accept }, deps)
  const report = await inTransaction(deps.store, admin.workspaceId, async (store) => {
    const inner = deps.within(store, ahead)
    const before = await readWorkspace(store, admin.workspaceId)
    const known: Applying['known'] = { rows: before }
    const perform = performing(createPerform(tableOf(inner), admin, bundle.texts), known)
    const chosen = { trust, prune, accept, notes: [] as string[] }
    const applying = {
      admin,
      bundle,
      store,
      sealer: deps.sealer,
      imports: inner.imports,
      perform,
      before,
      known,
      ...chosen,
    }
    await apply(applying)
    const answer = await reportOf(applying, commit)
    if (plan !== undefined && plan !== answer.plan) throw planMoved('bundle', 'Look at it again without `commit`.')
    return { keep: commit, answer }
  })
  if (commit) await deps.refresh()
  return report
}

/** Routes change what was read. */
function performing(perform: Perform, known: Applying['known']): Perform {
  return (operation, step) => {
    known.rows = undefined
    return perform(operation, step)
  }
}

async function apply(applying: Applying): Promise<void> {
  tellLeftAlone(applying)
  await applySecrets(applying)
  await applyUpstreams(applying)
  await applyTools(applying)
  await applyServers(applying)
  await applyIssuers(applying)
  if (applying.prune) await pruneWorkspace(applying)
}

function refusePrune(bundle: ReadBundle, trust: boolean): void {
  const detail = trust
    ? 'The bundle is of one server: what else is here is not meant to go.'
    : 'Only a bundle that is trusted says what is to go.'
  const fix = trust ? 'Leave `prune` out, or export the whole workspace.' : 'Apply it with `trust`, too.'
  if (!trust || !bundle.isWhole)
    throw new Problem('invalid-request', { detail, errors: [{ pointer: '/prune', detail, fix }] })
}

async function readDocuments(
  admin: Admin,
  bundle: ReadBundle,
  { trust, accept }: { readonly trust: boolean; readonly accept: boolean },
  { store, imports }: AdminDeps,
) {
  const before = await readWorkspace(store, admin.workspaceId)
  const about = { bundle, before, trust, accept } as Applying
  const wanted = upstreamsOf(about)
    .filter((slug) => needsImport(about, slug))
    .map((slug) => ({ slug, allow: addedAllow(about, slug) }))
  return readAhead(admin, bundle, wanted, before, imports)
}

/** Without trust a bundle adds, and leaves alone whatever has a name of its own here (S32). */
function tellLeftAlone(applying: Applying): void {
  if (applying.trust) return
  const { before, bundle, notes } = applying
  const added = new Set([
    ...upstreamsOf(applying).map((slug) => `upstreams/${slug}`),
    ...serversOf(applying).map((slug) => `servers/${slug}`),
  ])
  const now = inScope(bundle, before)
  const differing = compareValues(now, bundle.values).flatMap(({ path, change }) => {
    const [kind, slug] = path.split('/')
    const folder = `${kind}/${slug}`
    return change !== 'removed' && slug !== undefined && !added.has(folder) ? [folder] : []
  })
  for (const folder of new Set(differing))
    notes.push(`${folder} is here already and was left alone. Where the bundle is yours, apply it with \`trust\`.`)
}

async function reportOf(applying: Applying, committed: boolean): Promise<ApplyReport> {
  const { before, bundle, notes } = applying
  const after = await rowsNow(applying)
  const changes = compareValues(bundleValues(before, 'workspace'), bundleValues(after, 'workspace'))
  return {
    committed,
    plan: createHash('sha256').update(canonicalJson(changes)).digest('hex'),
    changes,
    left: compareValues(inScope(bundle, after), bundle.values),
    toSet: secretsToSet(after),
    notes: [...notes],
  }
}

/** What is here, as far as the bundle is about it. */
function inScope({ values }: ReadBundle, rows: WorkspaceRows): BundleValues {
  const { of } = values.get('sluice.yaml') as BundleHead
  const scope: Scope = of === 'workspace' ? of : { server: of.slice('server '.length) }
  if (scope === 'workspace') return bundleValues(rows, scope)
  const isHere = rows.servers.some(({ slug }) => slug === scope.server)
  return isHere ? bundleValues(rows, scope) : new Map()
}

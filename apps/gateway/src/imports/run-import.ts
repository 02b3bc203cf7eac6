import { type Admin, type ImportQuery, type ImportReport, Problem, takingTurns } from '@sluice/contract'
import { planImport } from '@sluice/openapi'
import type { CommittedImport, Once } from '@sluice/store'
import { planMoved } from '../plan-moved.ts'
import { chooseBaseUrl, tellMovedBaseUrl } from './choose-base-url.ts'
import { foreseeCalls } from './foresee-calls.ts'
import { importCommit } from './import-commit.ts'
import type { ImportDeps } from './import-deps.ts'
import { planIdOf } from './plan-id.ts'
import { type ReceivedImport, readImport } from './read-import.ts'
import { reportImport } from './report-import.ts'
import { settleSchemes } from './settle-schemes.ts'
import { tellLookAlikes } from './tell-look-alikes.ts'
import { weighChanges } from './weigh-changes.ts'

/**
 * The life of an import. Only this file knows the order. Nothing is written unless `commit` is asked for, then all of it at once.
 * Of many thousand operations each step takes a while: the event loop turns between two.
 */
export async function runImport(
  admin: Admin,
  query: ImportQuery,
  request: ReceivedImport,
  deps: ImportDeps,
  once?: Once,
): Promise<ImportReport> {
  const started = performance.now()
  const turn = takingTurns()
  const allow = allowedAnew(admin, request.allow, deps)
  const before = query.commit && once && (await deps.reportedBefore(admin.workspaceId, once))
  if (before) return before
  const read = await readImport(admin, query, request, allow, deps)
  const { stored } = read
  const about = {
    workspaceId: admin.workspaceId,
    policy: stored.upstream?.holdChanges ?? 'review',
    accept: request.accept ?? false,
  }
  const baseUrl = chooseBaseUrl(request, read.spec, stored)
  const placed = request.baseUrl === undefined ? tellMovedBaseUrl(read.spec, stored) : read.spec
  const settled = settleSchemes(placed, stored.upstream?.securitySchemes, about)
  const reached = { allow: [...(stored.upstream?.allow ?? []), ...allow], workspaceId: admin.workspaceId }
  const foreseen = await foreseeCalls(settled, baseUrl, reached, !stored.upstream && !request.credential, deps)
  await turn()
  const plan = await planImport(foreseen.operations, stored.operations, request.enable ?? 'auto', stored.takenNames)
  await turn()
  const changes = await weighChanges(plan.changes, about, deps)
  const onServer = await deps.namesOnServer(admin.workspaceId, read.serverSlug, read.upstreamSlug)
  const spec = await tellLookAlikes(foreseen, changes, [...stored.takenNames, ...onServer])
  await turn()
  const commit = importCommit({ ...read, admin, request, spec, baseUrl, changes, allow })
  const planId = await planIdOf(commit)
  if (query.plan !== undefined && query.plan !== planId)
    throw planMoved('document', `Look at the plan again without \`commit\`; it is ${planId} now.`)

  const rules = rulesOf(request)
  const report = (committed?: CommittedImport) =>
    reportImport({ commit, plan: { ...plan, changes }, planId, spec, committed, publicUrl: deps.publicUrl(), rules })
  if (!query.commit) return report()
  const answer = await deps.commit(commit, once, report)
  await deps.refresh()
  deps.observe({
    kind: 'import.finished',
    upstream: read.upstreamSlug,
    operations: spec.coverage.operations,
    imported: spec.coverage.imported,
    ms: performance.now() - started,
  })
  return answer
}

function rulesOf({ enable }: ReceivedImport) {
  return typeof enable === 'object' && 'rules' in enable ? enable.rules : []
}

/**
 * An owner of the default workspace decides which private addresses an upstream may lie at; the operator decides for all.
 * @throws Problem `role-required`, or as `checkAllow` does
 */
export function allowedAnew(
  admin: Admin,
  allow: readonly string[] = [],
  deps: Pick<ImportDeps, 'checkAllow'>,
): readonly string[] {
  if (allow.length > 0 && admin.role !== 'owner') {
    throw new Problem('role-required', {
      detail: 'Only an owner may allow private addresses; import without `allow`, or with an owner’s key.',
    })
  }
  deps.checkAllow(admin.workspaceId, allow)
  return allow
}

import { isNothing } from '@sluice/calls'
import type { Admin, ImportReport } from '@sluice/contract'
import { listSampledTools, readSamples } from '@sluice/store'
import type { AdminDeps } from './deps.ts'
import { calledTool, runTry } from './try-tool.ts'

/** For all samples of a tool; what was not tried by then is said. */
const MOST_MS = 10_000

/** What fails on the samples of a tool, or leaves nothing of one. */
export async function tellSamples(admin: Admin, id: string, signal: AbortSignal, deps: AdminDeps): Promise<string[]> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(MOST_MS)])
  const notes: string[] = []
  const samples = await readSamples(deps.store, admin.workspaceId, id)
  if (samples.length === 0) return notes
  const called = await calledTool(admin, id, deps.store)
  for (const { name, arguments: args, answer } of samples) {
    if (within.aborted) return [...notes, `The sample "${name}" and those after it were not tried: it took too long.`]
    const { stages, outcome } = await runTry(admin, called, { arguments: args, answer }, within, deps)
    const isFine = answer.status === undefined || answer.status < 400
    if (!outcome.ok && isFine) notes.push(`On the sample "${name}": ${outcome.message}`)
    const left = stages.findLast(({ stage }) => stage === 'filter')?.value as { text?: string } | undefined
    if (outcome.ok && left?.text !== undefined && isNothing(left.text))
      notes.push(`Nothing is left of the sample "${name}".`)
  }
  return notes
}

/** A report of what was imported, with what does not fit any more the answers that are kept of tools that changed. */
export async function withSampleFaults(
  admin: Admin,
  report: ImportReport,
  signal: AbortSignal,
  deps: AdminDeps,
): Promise<ImportReport> {
  const served = report.tools.filter(({ change, held }) => (change === 'changed' || change === 'moved') && !held)
  if (!report.committed || served.length === 0) return report
  const names = new Set(served.map(({ name }) => name))
  const { slug: upstream } = report.upstream
  const notes = await tellToolSamples(admin, { upstream, isMeant: ({ name }) => names.has(name) }, signal, deps)
  const told = notes.map((message) => ({
    code: 'sample-misfit' as const,
    severity: 'warning' as const,
    pointer: '',
    message,
  }))
  return { ...report, diagnostics: [...told, ...report.diagnostics] }
}

/** Which of the tools that have samples are asked about. */
interface Sampled {
  /** Of this upstream; absent: of any. */
  readonly upstream?: string
  readonly isMeant?: (tool: { readonly id: string; readonly name: string }) => boolean
}

/** What does not fit the answers that are kept of tools. Never throws: what was changed is changed, whatever becomes of this. */
export async function tellToolSamples(
  admin: Admin,
  { upstream, isMeant = () => true }: Sampled,
  signal: AbortSignal,
  deps: AdminDeps,
): Promise<string[]> {
  const sampled = await listSampledTools(deps.store, admin.workspaceId, upstream).catch(() => [])
  const within = AbortSignal.any([signal, AbortSignal.timeout(MOST_MS)])
  const notes: string[] = []
  for (const { id, name } of sampled.filter(isMeant)) {
    const found = await tellSamples(admin, id, within, deps).catch(() => ['Its samples could not be tried.'])
    notes.push(...found.map((note) => `${name}: ${note}`))
  }
  return notes
}

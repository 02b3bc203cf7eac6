import {
  type ChangeNote,
  type DerivedOperation,
  type EnableRule,
  type ImportCommit,
  type ImportReport,
  LIMITS,
  type OperationChange,
  type ReadSpec,
} from '@sluice/contract'
import { countMatches, type ImportPlan, suggestTags } from '@sluice/openapi'
import type { CommittedImport } from '@sluice/store'
import { clientSnippets, serverUrl } from '../client-snippets.ts'

interface ReportParts {
  readonly commit: ImportCommit
  readonly plan: ImportPlan
  readonly planId: string
  readonly spec: ReadSpec
  readonly committed: CommittedImport | undefined
  readonly publicUrl: string
  /** Those that the request chose tools by. */
  readonly rules: readonly EnableRule[]
}

/** What the person who imported is told: what came of it, what it costs, and how to connect. */
export function reportImport({ commit, plan, planId, spec, committed, publicUrl, rules }: ReportParts): ImportReport {
  const { changes, upstream } = commit
  const planned = commit.server ?? { slug: upstream.slug, name: upstream.name }
  const slug = committed?.serverSlug ?? planned.slug
  const url = serverUrl(publicUrl, slug)
  const tools = changes.flatMap(toolOf)
  return {
    committed: committed !== undefined,
    title: spec.title,
    declaredVersion: spec.declaredVersion,
    url: committed ? url : null,
    accessKey: committed?.accessKey?.key ?? null,
    server: { slug, name: committed?.serverName ?? planned.name },
    upstream: { slug: upstream.slug, baseUrl: upstream.baseUrl },
    plan: { id: planId, ...countKinds(changes) },
    coverage: spec.coverage,
    listTokens: tools.reduce((sum, tool) => sum + (tool.enabled ? tool.tokens : 0), 0),
    tools,
    diagnostics: [...spec.diagnostics],
    rules: countMatches(rules, spec.operations),
    baseUrls: [...spec.baseUrls],
    suggestion: plan.tooMuch ? suggestionFor(plan.tooMuch, spec.operations) : null,
    clients: committed ? clientSnippets({ slug, publicUrl, accessKey: committed.accessKey?.key }) : [],
  }
}

function toolOf(change: OperationChange): ImportReport['tools'] {
  const { kind } = change
  if (kind === 'removed') {
    const { method, path, tools } = change.stored
    const about = { change: kind, note: REMOVED, held: false, method, path, enabled: false, tokens: 0 }
    return tools.map(({ name }) => ({ name, ...about }))
  }
  const { method, path, tokens } = change.derived
  const note = 'note' in change && change.note ? change.note : null
  const about = { change: kind, note, held: 'held' in change && change.held === true, method, path, tokens }
  if (kind === 'added') return [{ name: change.toolName, enabled: change.enable, ...about }]
  return change.stored.tools.map(({ name, enabled }, index) => {
    return { name, enabled: enabled || (change.enable && index === 0), ...about }
  })
}

const REMOVED: ChangeNote = { risk: 'breaking', what: ['moved'], details: ['It is no longer in the document'] }

function countKinds(changes: readonly OperationChange[]): Omit<ImportReport['plan'], 'id'> {
  const counts = { added: 0, changed: 0, moved: 0, removed: 0, unchanged: 0, held: 0 }
  for (const change of changes) {
    counts[change.kind]++
    if ('held' in change && change.held) counts.held++
  }
  return counts
}

function suggestionFor(
  tooMuch: { tools: number; tokens: number },
  operations: readonly DerivedOperation[],
): ImportReport['suggestion'] {
  const { tags, fitting } = suggestTags(operations)
  const reason =
    `${tooMuch.tools} tools would cost a model ${tooMuch.tokens} tokens in every conversation, so they are not listed but found by searching. ` +
    `Up to ${LIMITS.listedTools} tools of ${LIMITS.listedTokens} tokens are listed: enable fewer, for instance by tag, where that is wanted.`
  return { reason, enable: { tags: fitting }, tags }
}

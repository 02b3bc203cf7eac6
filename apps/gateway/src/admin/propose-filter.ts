import { proposeFilter } from '@sluice/calls'
import type { Admin, ProposedFilter, ProposeFilter } from '@sluice/contract'
import type { AdminDeps } from './deps.ts'

/** A response filter for an answer, with what it leaves out and what it saves. Nothing is changed. */
export async function proposedFilter(
  { workspaceId }: Admin,
  { answer, fields }: ProposeFilter,
  { serve }: AdminDeps,
): Promise<ProposedFilter> {
  const { countTokens } = await import('@sluice/tokenizer')
  const text = JSON.stringify(answer)
  const proposal = proposeFilter(answer, fields)
  const limits = { deadline: Date.now() + serve.callTimeoutMs, workspaceId }
  const kept = proposal.filter === null ? text : await serve.calls.filter(proposal.filter, text, limits)
  const [before, after] = [countTokens(text), countTokens(kept)]
  // Names of what only some items have can weigh more than what is left out.
  const saves = after < before
  return {
    filter: saves ? proposal.filter : null,
    fields: [...proposal.fields],
    tokens: { before, after: saves ? after : before },
  }
}

import type { CallOutcome } from '@sluice/contract'
import { cutText } from './code-points.ts'
import { tellMissing } from './tell-more.ts'
import { textBlock, toResult } from './to-result.ts'

/** What code came to, as the model is shown it: JSON cut to the budget, what is missing said, and what was logged. */
export function tellCode(json: string, logs: readonly string[], maxBytes?: number): Extract<CallOutcome, { ok: true }> {
  const answer = { status: 200, headers: [], mimeType: 'application/json', kind: 'json' as const, text: json }
  const { content, part } = toResult(answer, maxBytes === undefined ? {} : { maxBytes })
  const notes = part ? [textBlock(`[${tellMissing(part)} Return less: pick fields, filter or count in the code.]`)] : []
  const logged = logs.length > 0 ? [textBlock(loggedText(logs))] : []
  return { ok: true, content: [...notes, ...content, ...logged], ...(part ? { isPart: true } : {}) }
}

/** What the code logged, for who wrote it. */
export function loggedText(logs: readonly string[]): string {
  const text = logs.join('\n')
  return `console:\n${text.length > MOST_LOGGED ? `${cutText(text, MOST_LOGGED)}…` : text}`
}

const MOST_LOGGED = 2_000

import type { CallToolResult } from '@modelcontextprotocol/server'
import type { CallOutcome } from '@sluice/contract'
import type { Era } from './settle-request.ts'
import { structuredContentOf } from './structured-content.ts'

/** How a call ended, as the result of `tools/call`. A failed call is a result that the model reads, never a JSON-RPC error. */
export function encodeOutcome(outcome: CallOutcome, era: Era): CallToolResult {
  if (outcome.ok) {
    const { content, structured } = outcome
    return {
      content: [...content] as CallToolResult['content'],
      ...(structured ? { structuredContent: structuredContentOf(structured, era) as Record<string, unknown> } : {}),
      isError: false,
    }
  }
  return { content: [{ type: 'text', text: outcome.message }], isError: true }
}

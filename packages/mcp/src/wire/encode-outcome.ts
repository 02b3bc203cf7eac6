import type { CallToolResult } from '@modelcontextprotocol/server'
import type { CallOutcome } from '@sluice/contract'

/** How a call ended, as the result of `tools/call`. A failed call is a result that the model reads, never a JSON-RPC error. */
export function encodeOutcome(outcome: CallOutcome): CallToolResult {
  if (outcome.ok) return { content: [...outcome.content] as CallToolResult['content'], isError: false }
  return { content: [{ type: 'text', text: outcome.message }], isError: true }
}

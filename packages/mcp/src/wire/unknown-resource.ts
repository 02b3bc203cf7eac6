import type { McpSession } from '../mcp-session.ts'
import { type ErrorFrame, errorFrame } from './frames.ts'
import { plainRequest } from './plain-request.ts'
import type { ReadHeader, SettledRequest } from './settle-request.ts'

export const NO_RESOURCE = 'There is no resource of this URI here.'

/** MCP 2025-11-25, Resources, Error Handling. 2026-07-28 has no code of its own for it, and the SDK none in any revision. */
const NOT_FOUND = -32002

/** The refusal of a read before 2026-07-28 that names nothing; nothing for any other message. */
export function unknownResource(
  settled: SettledRequest,
  header: ReadHeader,
  session: McpSession,
): ErrorFrame | undefined {
  const { era, method, params } = settled
  if (era !== 'legacy' || method !== 'resources/read' || typeof params.uri !== 'string') return undefined
  const id = plainRequest(settled, header)?.id
  if (id === undefined || !session.offers().resources || session.findResource(params.uri)) return undefined
  return errorFrame(200, id, NOT_FOUND, NO_RESOURCE, { uri: params.uri })
}

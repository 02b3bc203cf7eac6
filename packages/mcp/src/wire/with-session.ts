import { randomUUID } from 'node:crypto'
import type { AskedProfile } from '@sluice/contract'
import { askableBy } from './askable.ts'
import { clientProfile } from './client-profile.ts'
import { type ErrorFrame, errorFrame, messageId } from './frames.ts'
import { negotiated } from './plain-request.ts'
import type { SessionFacts, SessionIds } from './session-ids.ts'
import type { ReadHeader, SettledRequest } from './settle-request.ts'

/**
 * The request with what its client said when it initialized. An id that does not open is answered as the protocol has it, so that
 * the client initializes again (MCP 2025-11-25, Session Management); none at all is fine.
 */
export function withSession(
  settled: SettledRequest,
  header: ReadHeader,
  { open }: SessionIds,
  { principal, asked }: { readonly principal: string; readonly asked?: AskedProfile | undefined },
): SettledRequest | ErrorFrame {
  const id = settled.era === 'legacy' && settled.method !== 'initialize' ? header('mcp-session-id') : undefined
  if (id === undefined) return settled
  const facts = open(id, principal)
  if (!facts)
    return errorFrame(404, messageId(settled.message), -32001, 'The session is not known here: initialize again.')
  return { ...settled, client: clientProfile(facts, asked), sessionId: id, facts }
}

/** What is worth knowing later of a client that initializes. */
export function sessionFacts({ params, client }: SettledRequest): SessionFacts {
  const askable = askableBy(params.capabilities)
  return {
    id: randomUUID(),
    revision: negotiated(String(params.protocolVersion)),
    name: client.name,
    ...(client.version ? { version: client.version } : {}),
    ...(askable.elicitation.length > 0 || askable.sampling || askable.roots ? { askable } : {}),
  }
}

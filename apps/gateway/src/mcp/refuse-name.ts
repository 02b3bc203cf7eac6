import type { CallOutcome } from '@sluice/contract'
import type { CallRequest } from '@sluice/mcp'
import { asAsked, type Called, type CallingSession, gated } from './direct-call.ts'
import { refuse } from './run-call.ts'

export type Refused = Extract<CallOutcome, { ok: false }>

/** What was asked for by a name, and how. */
type AskedName = Pick<Called, 'arguments' | 'parent' | 'road'> & { readonly name: string }

/**
 * A call by a name that is no tool of this caller's. It is recorded, and counts against limits, as any other: an operator sees who
 * tries what. The record tells a tool that is kept from the caller from one that there is not; the client is `told` the same of both.
 */
export function refuseName(
  session: CallingSession,
  asked: AskedName,
  request: CallRequest,
  told: Refused,
): Promise<CallOutcome> {
  return gated(session, calledBy(session, asked), request, async () => {
    recordName(session, asked, request, told)
    return told
  })
}

/** The same for one that counts already, as those of a run of code do. */
export function recordName(session: CallingSession, asked: AskedName, request: CallRequest, told: Refused): void {
  const called = calledBy(session, asked)
  const isKept = 'id' in called.tool && !session.usable(asked.name) && !session.usableComposite(asked.name)
  const outcome = isKept ? { ...told, kind: 'blocked' as const } : told
  refuse(asAsked(session, called, request), outcome, session.deps)
}

/** For direct calls the SDK has the words. */
export async function callNothing(
  session: CallingSession,
  name: string,
  args: unknown,
  request: CallRequest,
): Promise<CallOutcome | undefined> {
  const outcome = await refuseName(session, { name, arguments: args }, request, NOTHING)
  return outcome === NOTHING ? undefined : outcome
}

const NOTHING: Refused = { ok: false, kind: 'arguments', message: '' }

function calledBy({ catalog }: CallingSession, { name, ...how }: AskedName): Called {
  const tool = catalog.byName.get(name) ?? catalog.composites.get(name)
  return { ...how, tool: tool ?? { name: name.slice(0, MOST_CHARS) } }
}

/** Of a name that nobody gave. */
const MOST_CHARS = 128

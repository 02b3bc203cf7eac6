import type { CallOutcome } from '@sluice/contract'
import type { CallRequest } from '@sluice/mcp'
import { asAsked, type Called, type CallingSession, gated } from './direct-call.ts'
import { refuse } from './run-call.ts'

export type Refused = Extract<CallOutcome, { ok: false }>

/** What was asked for by a name, and how. */
type AskedName = Pick<Called, 'arguments' | 'parent' | 'road'> & { readonly name: string }

/** A call that is not made. It is recorded, and counts against limits, as any other; the client is `told` why. */
export function refuseCall(
  session: CallingSession,
  called: Called,
  request: CallRequest,
  told: Refused,
  recorded: Refused = told,
): Promise<CallOutcome> {
  return gated(session, called, request, async () => {
    refuse(asAsked(session, called, request), recorded, session.deps)
    return told
  })
}

/**
 * A call by a name that is no tool of this caller's: an operator sees who tries what. The record tells a tool that is kept from the
 * caller from one that there is not; the client is told the same of both.
 */
export function refuseName(
  session: CallingSession,
  asked: AskedName,
  request: CallRequest,
  told: Refused,
): Promise<CallOutcome> {
  return refuseCall(session, calledBy(session, asked), request, told, recordedOf(session, asked, told))
}

/** The same for one that counts already, as those of a run of code do. */
export function recordName(session: CallingSession, asked: AskedName, request: CallRequest, told: Refused): void {
  refuse(asAsked(session, calledBy(session, asked), request), recordedOf(session, asked, told), session.deps)
}

function recordedOf(session: CallingSession, { name }: AskedName, told: Refused): Refused {
  const isKept = toolOf(session, name) && !session.usable(name) && !session.usableComposite(name)
  return isKept ? { ...told, kind: 'blocked' } : told
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

function calledBy(session: CallingSession, { name, ...how }: AskedName): Called {
  return { ...how, tool: toolOf(session, name) ?? { name: name.slice(0, MOST_CHARS) } }
}

/** Whoever may use it. */
function toolOf({ catalog }: CallingSession, name: string) {
  return catalog.byName.get(name) ?? catalog.composites.get(name)
}

/** Of a name that nobody gave. */
const MOST_CHARS = 128

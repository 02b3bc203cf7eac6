import type { FinishedCall, HttpRequest, Send } from '@sluice/contract'

/** W3C Trace Context, as a client sent it. */
export interface TraceContext {
  readonly traceparent: string
  readonly tracestate?: string
}

/** A call in its trace: what is told of it, and what the API is told. */
export interface CallTrace {
  readonly told: NonNullable<FinishedCall['trace']>
  readonly upstream: TraceContext
}

/** Trace Context 3.2; of ids of zeros there is none. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/
/** Trace Context 3.3.1.1: what is longer may be left out. */
const MOST_STATE_CHARS = 512

/** What a message says of its trace in `_meta`, else what its HTTP request says; nothing of what is not as W3C has it. */
export function traceContextOf(meta: unknown, header: TraceContext | undefined): TraceContext | undefined {
  const { traceparent, tracestate } = (meta ?? {}) as { traceparent?: unknown; tracestate?: unknown }
  return contextOf(traceparent, tracestate) ?? (header && contextOf(header.traceparent, header.tracestate))
}

function contextOf(traceparent: unknown, tracestate: unknown): TraceContext | undefined {
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return undefined
  const isState =
    typeof tracestate === 'string' && tracestate.length <= MOST_STATE_CHARS && /^[\x20-\x7e]+$/.test(tracestate)
  return { traceparent, ...(isState ? { tracestate } : {}) }
}

/**
 * The trace that a call is part of: its client's, or, where traces are exported, one of its own. Its spans have ids that follow
 * from the id of the call: who exports them needs no more. Where nothing is exported, what came is passed on as it is.
 */
export function traceCall(
  { id, parent }: { readonly id: string; readonly parent?: string | undefined },
  incoming: TraceContext | undefined,
  isExported: boolean,
): CallTrace | undefined {
  if (!incoming && !isExported) return undefined
  const [, traceId = hexOf(parent ?? id), clientSpan, flags = '01'] = incoming?.traceparent.split('-') ?? []
  const isSampled = (Number.parseInt(flags, 16) & 1) === 1
  const parentSpan = parent === undefined ? clientSpan : spanIdOf(parent)
  const told = { traceId, isSampled, ...(parentSpan === undefined ? {} : { parentSpan }) }
  if (incoming && !isExported) return { told, upstream: incoming }
  const state = incoming?.tracestate === undefined ? {} : { tracestate: incoming.tracestate }
  return { told, upstream: { traceparent: `00-${traceId}-${upstreamSpanIdOf(id)}-${flags}`, ...state } }
}

/** Of the span of a call. */
export function spanIdOf(callId: string): string {
  return hexOf(callId).slice(16)
}

/** Of the span of its request to the API. */
export function upstreamSpanIdOf(callId: string): string {
  return hexOf(callId).slice(0, 16)
}

function hexOf(uuid: string): string {
  return uuid.replaceAll('-', '')
}

/** Tells the API, last of all: no cache and no signature knows of it. */
export function sendTraced(send: Send, { upstream }: CallTrace): Send {
  const added = Object.entries(upstream) as Array<[string, string]>
  return (request: HttpRequest, limits) => {
    const own = request.headers.filter(([name]) => !/^trace(parent|state)$/i.test(name))
    return send({ ...request, headers: [...own, ...added] }, limits)
  }
}

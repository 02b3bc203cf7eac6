import { randomUUID } from 'node:crypto'
import { type CallDeps, callTool } from '@sluice/calls'
import type { CacheUse, Call, CallOutcome, Catalog, CatalogTool, ClientProfile } from '@sluice/contract'
import type { RunCode } from '@sluice/sandbox'
import type { KeptStates } from '../live/request-states.ts'
import type { ToolFinders } from '../live/tool-finders.ts'
import type { CallGate, EnteringKind, RateState } from './call-gate.ts'
import { keepArguments, keepContent } from './keep-content.ts'
import type { LoopDetector } from './loop-detector.ts'
import { BUG, type EndedCall, type ObserveCallDeps, observeCall } from './observe-call.ts'
import { timeCall } from './time-call.ts'
import { sendTraced, type TraceContext, traceCall } from './trace-call.ts'

export interface ServeDeps extends ObserveCallDeps {
  readonly calls: CallDeps
  readonly callTimeoutMs: number
  readonly loops: LoopDetector
  readonly gate: CallGate
  readonly finders: ToolFinders
  readonly runCode: RunCode
  readonly states: KeptStates
  /** Traces are exported. */
  readonly isTraced?: boolean | undefined
  /** Told of a tool whose answer was more than a result may cost, where that is not known yet. */
  readonly noteLargeAnswer?: (workspaceId: string, toolId: string) => void
  /** Aborted when the gateway gives up the calls in flight. */
  readonly stopping: AbortSignal
}

/** A call as it is asked for, before anything is done about it. */
export interface AskedCall extends Pick<EndedCall, 'tool' | 'caller' | 'client' | 'parent' | 'road'> {
  readonly catalog: Catalog
  readonly arguments: unknown
  readonly traceContext: TraceContext | undefined
}

/** One call on its way through limits, running and observing. */
export interface GatedCall extends AskedCall {
  readonly run: () => Promise<CallOutcome>
  /** Absent: a call. */
  readonly what?: EnteringKind | undefined
  /** Told what is left of a limit, where a call counts against one. */
  readonly onRate: ((rate: RateState) => void) | undefined
}

/** A call that is over a limit is one that was made and refused. */
export async function withinLimits({ run, what, onRate, ...call }: GatedCall, deps: ServeDeps): Promise<CallOutcome> {
  const entered = await deps.gate.enter(call.caller, call.catalog.server, what)
  if (entered.rate) onRate?.(entered.rate)
  if (!entered.ok) {
    return refuse(call, { ok: false, kind: 'blocked', message: entered.message }, deps)
  }
  try {
    return await run()
  } finally {
    entered.leave()
  }
}

/** A call that ends before it began: it is one that was made all the same. */
export function refuse(call: AskedCall, outcome: CallOutcome, deps: ServeDeps): CallOutcome {
  observing(call, randomUUID(), deps)(outcome)
  return outcome
}

/** Begins a call of which no API is asked; how it ended is told to what this answers. */
function observing({ catalog, arguments: args, traceContext, ...about }: AskedCall, callId: string, deps: ServeDeps) {
  const started = performance.now()
  const { parent } = about
  const trace = traceCall({ id: callId, parent }, traceContext, deps.isTraced === true)?.told
  const kept = catalog.server.recordContent ? keepArguments(args, catalog) : undefined
  return (outcome: EndedCall['outcome'], answered?: string) =>
    observeCall({ ...about, catalog, callId, started, outcome, answered, trace, kept }, deps)
}

/** What was asked of a tool, before it is known which. */
export interface Asked extends AskedOfCall {
  readonly traceContext?: TraceContext | undefined
}

type AskedOfCall = Pick<
  Call,
  | 'caller'
  | 'arguments'
  | 'headers'
  | 'signal'
  | 'deadline'
  | 'resultBytes'
  | 'onProgress'
  | 'reader'
  | 'parent'
  | 'road'
>

/** One of our own tools. */
export async function runMeta(
  about: AskedCall & {
    readonly answer: () => Promise<CallOutcome>
    /** What calls that it makes name as theirs. */
    readonly callId?: string
  },
  deps: ServeDeps,
): Promise<CallOutcome> {
  const { answer, callId = randomUUID(), ...call } = about
  const tell = observing(call, callId, deps)
  // It asks no API itself: answers are weighed by the calls that got them, and here what is shown.
  const ended = (outcome: EndedCall['outcome']) => tell(outcome, '')
  const outcome = await telling(answer(), ended)
  ended(outcome)
  return outcome
}

export async function runCall(
  catalog: Catalog,
  tool: CatalogTool,
  asked: Asked,
  client: ClientProfile,
  deps: ServeDeps,
): Promise<CallOutcome> {
  const started = performance.now()
  let cache: CacheUse | undefined
  let answered: string | undefined
  const times = timeCall(started)
  const id = randomUUID()
  const trace = traceCall({ id, parent: asked.parent }, asked.traceContext, deps.isTraced === true)
  const calls = trace ? { ...deps.calls, send: sendTraced(deps.calls.send, trace) } : deps.calls
  const upstream = catalog.upstreams.get(tool.upstreamId)!
  const kept = catalog.server.recordContent ? keepContent({ tool, upstream, arguments: asked.arguments }) : undefined
  const call: Call = {
    ...asked,
    id,
    tool,
    upstream,
    ...(kept ? { trace: kept.trace } : {}),
    onStage: times.onStage,
    onRepeat: times.onRepeat,
    onCache: (use) => {
      cache = use
    },
    onAnswer: (text) => {
      answered = text
    },
  }
  const { caller, parent, road } = asked
  const about = { catalog, tool, caller, client, callId: id, parent, road, started, times, kept, trace: trace?.told }
  const ended = (outcome: EndedCall['outcome']) => observeCall({ ...about, outcome, cache, answered }, deps)
  const outcome = refuseLoop(call, deps.loops) ?? (await telling(callTool(call, calls), ended))
  if (outcome.ok && outcome.isPart && !tool.hasLargeAnswers) deps.noteLargeAnswer?.(caller.workspaceId, tool.id)
  ended(outcome)
  return outcome
}

/** Whoever hosts the call tells of a bug; that there was a call is told here. */
function telling<T>(call: Promise<T>, ended: (outcome: EndedCall['outcome']) => void): Promise<T> {
  return call.catch((bug: unknown) => {
    ended(BUG)
    throw bug
  })
}

/** An agent that makes the very same call over and over is told so: the answer would not help it. */
function refuseLoop({ caller, tool, arguments: args }: Call, loops: LoopDetector): CallOutcome | undefined {
  const calls = loops.count(caller.id, tool.id, args)
  if (calls === undefined) return undefined
  const message = `This very call was made ${calls} times within a minute. Nothing was sent. Use what it answered, change its arguments, or wait a minute.`
  return { ok: false, kind: 'blocked', message }
}

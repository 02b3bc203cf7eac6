import type { Caller, CallOutcome, Catalog, CatalogComposite, CatalogTool, HeaderList } from '@sluice/contract'
import type { CallRequest } from '@sluice/mcp'
import type { EnteringKind } from './call-gate.ts'
import type { OfferedTools } from './offer-tools.ts'
import { type Asked, type AskedCall, type GatedCall, runCall, type ServeDeps, withinLimits } from './run-call.ts'
import { type TraceContext, traceContextOf } from './trace-call.ts'

/** What one caller may do on one server, as calls are made of it. */
export interface CallingSession {
  readonly catalog: Catalog
  readonly caller: Caller
  readonly deps: ServeDeps
  /** The tool of that name, if the caller may use it. */
  readonly usable: (name: string) => CatalogTool | undefined
  /** The composite of that name, if the caller may use it. */
  readonly usableComposite: (name: string) => CatalogComposite | undefined
  readonly offered: () => OfferedTools
  readonly headers?: (() => HeaderList) | undefined
  /** Of the HTTP request. */
  readonly traceContext?: TraceContext | undefined
  readonly onRate?: GatedCall['onRate']
}

/** What is particular to a call that no client made itself. */
export type CallWay = Partial<Pick<Asked, 'reader' | 'parent' | 'deadline' | 'road'>>

/** Calls a tool of the server; `undefined`: none of that name for this caller. */
export function callDirect(
  session: CallingSession,
  name: string,
  args: unknown,
  request: CallRequest,
  way: CallWay = {},
  what?: EnteringKind,
): Promise<CallOutcome> | undefined {
  const tool = session.usable(name)
  if (!tool) return undefined
  const asked = askedOf(session, args, request, way)
  const run = () => runCall(session.catalog, tool, asked, request.client, session.deps)
  return gated(session, { tool, arguments: args, ...way, what }, request, run)
}

export function askedOf(
  { caller, headers, deps, traceContext }: CallingSession,
  args: unknown,
  { client, signal, meta, onProgress }: CallRequest,
  way: CallWay = {},
): Asked {
  return {
    caller,
    arguments: args,
    traceContext: traceContextOf(meta, traceContext),
    ...(headers ? { headers } : {}),
    signal,
    deadline: Date.now() + deps.callTimeoutMs,
    ...way,
    ...(client.resultBytes === undefined ? {} : { resultBytes: client.resultBytes }),
    ...(onProgress ? { onProgress } : {}),
  }
}

/** What is called, and how. */
export type Called = Pick<GatedCall, 'tool' | 'arguments' | 'what'> & CallWay

/** Runs a call as far as the limits of its server and its caller let it. Most have none, and wait for nothing. */
export function gated(
  session: CallingSession,
  { reader: _reader, deadline: _deadline, what, ...called }: Called,
  request: CallRequest,
  run: GatedCall['run'],
): Promise<CallOutcome> {
  if (!session.caller.limits && !session.catalog.server.limits) return run()
  return withinLimits({ ...asAsked(session, called, request), what, run, onRate: session.onRate }, session.deps)
}

/** What there is to tell of a call that is refused. */
export function asAsked(
  { catalog, caller, traceContext }: CallingSession,
  { tool, arguments: args, parent, road }: Pick<Called, 'tool' | 'arguments' | 'parent' | 'road'>,
  { client, meta }: CallRequest,
): AskedCall {
  const context = traceContextOf(meta, traceContext)
  return { catalog, caller, client, tool, arguments: args, parent, road, traceContext: context }
}

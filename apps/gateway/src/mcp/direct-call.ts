import type {
  Caller,
  CallOutcome,
  Catalog,
  CatalogComposite,
  CatalogTool,
  HeaderList,
  ListedTool,
} from '@sluice/contract'
import type { CallRequest } from '@sluice/mcp'
import type { EnteringKind } from './call-gate.ts'
import type { OfferedTools } from './offer-tools.ts'
import { type Asked, type GatedCall, runCall, type ServeDeps, withinLimits } from './run-call.ts'
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
  return gated(session, tool, request, run, { ...way, what })
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

/** Runs a call as far as the limits of its server and its caller let it. */
export function gated(
  { catalog, caller, deps, onRate }: CallingSession,
  tool: ListedTool,
  { client }: CallRequest,
  run: GatedCall['run'],
  { parent, road, what }: CallWay & Pick<GatedCall, 'what'> = {},
): Promise<CallOutcome> {
  return withinLimits({ catalog, tool, caller, client, parent, road, what, run, onRate }, deps)
}

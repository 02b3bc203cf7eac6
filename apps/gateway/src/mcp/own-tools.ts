import { randomUUID } from 'node:crypto'
import { checkArguments, READ_MORE, readMore } from '@sluice/calls'
import {
  CallFailure,
  type CallOutcome,
  type CallRoad,
  type CodeCalls,
  type ListedTool,
  OWN_TOOL_NAMES,
} from '@sluice/contract'
import { CALL_TOOL, codeTool, DESCRIBE_TOOL, searchTool, unknownTool } from '@sluice/discovery'
import type { CallRequest } from '@sluice/mcp'
import { asOutcome, toldAsOutcome } from './as-outcome.ts'
import { askedOf, type CallingSession, callDirect, gated } from './direct-call.ts'
import { describe, searchTools } from './find-tools.ts'
import { type Refused, recordName, refuseCall, refuseName } from './refuse-name.ts'
import { runMeta } from './run-call.ts'
import { type CodeContext, runCode, runComposite } from './run-code.ts'
import { traceContextOf } from './trace-call.ts'

/** Calls one of our own tools; `undefined`: the server's mode has none of that name. */
export function callOwn(
  session: CallingSession,
  name: string,
  args: unknown,
  request: CallRequest,
): Promise<CallOutcome> | undefined {
  const { offered, catalog, caller, deps } = session
  const traceContext = traceContextOf(request.meta, session.traceContext)
  if (catalog.byName.has(name)) return undefined
  const meta = (tool: ListedTool, answer: () => Promise<CallOutcome>) =>
    gated(session, { tool, arguments: args }, request, () =>
      runMeta({ catalog, caller, client: request.client, tool, arguments: args, traceContext, answer }, deps),
    )
  if (name === READ_MORE.name) {
    const mayRead = (toolId: string) => catalog.tools.some((tool) => tool.id === toolId && session.usable(tool.name))
    const asked = askedOf(session, args, request)
    return meta(READ_MORE, () => readMore(asked, mayRead, deps.calls))
  }
  const { mode, inventory } = offered()
  if (mode === 'direct') return undefined
  const search = searchTool(inventory)
  const tools: Readonly<Record<string, () => Promise<CallOutcome>>> = {
    [search.name]: () => meta(search, () => toldAsOutcome(() => searchTools(search, args, session))),
    [DESCRIBE_TOOL.name]: () => meta(DESCRIBE_TOOL, () => toldAsOutcome(async () => describe(args, session))),
    ...(mode === 'code'
      ? codeOf(session, args, request)
      : { [CALL_TOOL.name]: () => callFound(session, args, request) }),
  }
  return Object.hasOwn(tools, name) ? tools[name]!() : undefined
}

/** The very same call as a direct one; none of our own tools is called by another (B185). */
function callFound(session: CallingSession, args: unknown, request: CallRequest): Promise<CallOutcome> {
  return asOutcome(async () => {
    const asked = innerOf(args)
    if ('ok' in asked) return refuseCall(session, { tool: CALL_TOOL, arguments: args }, request, asked)
    const { name, arguments: inner = {} } = asked
    const called = OWN_TOOL_NAMES.includes(name)
      ? undefined
      : (callDirect(session, name, inner, request, { road: 'search' }) ??
        callComposite(session, name, inner, request, 'search'))
    if (called) return called
    // The same for a tool that there is not and one that this caller may not use.
    const message = isListedOwn(session, name)
      ? `There is no tool named "${name}" for ${CALL_TOOL.name}: call it by itself.`
      : unknownTool(name, session.offered().seen.keys())
    const told = { ok: false, kind: 'arguments', message: `${message} Nothing was sent.` } as const
    return refuseName(session, { name, arguments: inner, road: 'search' }, request, told)
  })
}

/** What does not say which tool is called is a call of `call_tool` itself. */
function innerOf(args: unknown): Inner | Refused {
  try {
    return checkArguments(CALL_TOOL.inputSchema, args) as unknown as Inner
  } catch (error) {
    if (error instanceof CallFailure) return error.outcome
    throw error
  }
}

function isListedOwn({ offered }: CallingSession, name: string): boolean {
  return OWN_TOOL_NAMES.includes(name) && offered().listed.some((tool) => tool.name === name)
}

interface Inner {
  readonly name: string
  readonly arguments?: unknown
}

/** Runs a composite; `undefined`: none of that name for this caller. */
export function callComposite(
  session: CallingSession,
  name: string,
  args: unknown,
  request: CallRequest,
  road?: CallRoad,
): Promise<CallOutcome> | undefined {
  const tool = session.usableComposite(name)
  if (!tool) return undefined
  const mayCall = tool.annotations.readOnlyHint ? 'read-only' : 'all'
  const how = { mayCall, road, inner: 'composite' } as const
  return withCode(session, tool, how, args, request, (context) => runComposite(args, tool.code, context))
}

function codeOf(session: CallingSession, args: unknown, request: CallRequest) {
  const { codeCalls } = session.catalog.server
  if (codeCalls === 'none') return {}
  const tool = codeTool(codeCalls)
  return {
    [tool.name]: () =>
      withCode(session, tool, { mayCall: codeCalls, inner: 'code' }, args, request, (context) =>
        runCode(args, context),
      ),
  }
}

/** A run counts against limits of calls per minute, and so does each call that it makes after the first. */
function withCode(
  session: CallingSession,
  tool: ListedTool,
  { mayCall, road, inner: innerRoad }: { mayCall: CodeCalls; road?: CallRoad | undefined; inner: CallRoad },
  args: unknown,
  request: CallRequest,
  run: (context: CodeContext) => Promise<CallOutcome>,
): Promise<CallOutcome> {
  const { catalog, caller, deps, usable } = session
  const { client, signal, meta, onProgress } = request
  const traceContext = traceContextOf(meta, session.traceContext)
  const callId = randomUUID()
  const deadline = Date.now() + deps.callTimeoutMs
  let begun = 0
  let made = 0
  // What the client is told and asked in it is of the run, not of one call among others.
  const call = async (name: string, inner: unknown) => {
    const way = { reader: 'code', parent: callId, deadline, road: innerRoad } as const
    const what = begun++ === 0 ? 'first call of a run' : 'call'
    const outcome = await callDirect(session, name, inner, { client, signal, meta }, way, what)
    onProgress?.(++made, `${made} ${made === 1 ? 'call' : 'calls'} made`)
    return outcome
  }
  const context: CodeContext = {
    run: deps.runCode,
    tool,
    mayCall,
    ruledBy: innerRoad === 'composite' ? 'composite' : 'server',
    find: usable,
    refused: (name, inner, told) =>
      recordName(session, { name, arguments: inner, parent: callId, road: innerRoad }, { client, signal, meta }, told),
    names: () => catalog.tools.flatMap((one) => (!one.unlisted && usable(one.name) ? [one.name] : [])),
    mayNotCall: (name) => session.usableComposite(name) !== undefined || isListedOwn(session, name),
    call,
    owner: caller.id,
    workspaceId: caller.workspaceId,
    deadline,
    signal,
    maxBytes: client.resultBytes,
  }
  const about = { catalog, caller, client, tool, callId, road, arguments: args, traceContext }
  return gated(session, { tool, arguments: args, road, what: 'run' }, request, () =>
    runMeta({ ...about, answer: () => run(context) }, deps),
  )
}

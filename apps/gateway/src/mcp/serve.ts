import { randomUUID } from 'node:crypto'
import { type CallDeps, callTool, READ_MORE, readMore } from '@sluice/calls'
import type {
  CacheUse,
  Call,
  Caller,
  CallOutcome,
  Catalog,
  CatalogResource,
  CatalogTool,
  ClientProfile,
  HeaderList,
  ListedTool,
  ToolRights,
} from '@sluice/contract'
import type { CallRequest, McpSession } from '@sluice/mcp'
import type { CallGate, RateState } from './call-gate.ts'
import type { LoopDetector } from './loop-detector.ts'
import { BUG, type EndedCall, type ObserveCallDeps, observeCall } from './observe-call.ts'
import { resourceAt, sessionOffers } from './session-offers.ts'

export interface ServeDeps extends ObserveCallDeps {
  readonly calls: CallDeps
  readonly callTimeoutMs: number
  readonly loops: LoopDetector
  readonly gate: CallGate
  /** Told of a tool whose answer was more than a result may cost, where that is not known yet. */
  readonly noteLargeAnswer?: (workspaceId: string, toolId: string) => void
  /** Aborted when the gateway gives up the calls in flight. */
  readonly stopping: AbortSignal
}

/** The one place that decides which tools a caller may use: listing, finding and calling all ask it (S66). */
export function mayUse({ rights }: Pick<Caller, 'rights'>, tool: CatalogTool): boolean {
  return rights === undefined || rights.some((some) => gives(some, tool))
}

function gives({ tools, tags, readOnly }: ToolRights, tool: CatalogTool): boolean {
  if (readOnly && !tool.annotations.readOnlyHint) return false
  if (!tools && !tags) return true
  return (tools?.has(tool.id) ?? false) || tool.tags.some((tag) => tags?.has(tag) ?? false)
}

/** The scopes of an access token that could use a tool which this caller's may not; nothing where scopes are not what is missing. */
export function scopesFor(catalog: Catalog, caller: Caller, name: string): readonly string[] | undefined {
  const tool = catalog.byName.get(name)
  return tool && !mayUse(caller, tool) ? offerFor(caller, tool) : undefined
}

/** The same for what is read by a URI. */
export function scopesToRead(catalog: Catalog, caller: Caller, uri: string): readonly string[] | undefined {
  if (resourceAt(readableBy(catalog, caller), uri)) return undefined
  const offered = catalog.resources.filter((one) => one.kind === 'tool' && offerFor(caller, one.tool))
  const resource = resourceAt(offered, uri)
  return resource?.kind === 'tool' ? offerFor(caller, resource.tool) : undefined
}

function offerFor({ offers }: Caller, tool: CatalogTool): readonly string[] | undefined {
  return offers?.find(({ rights }) => mayUse({ rights: [rights] }, tool))?.scopes
}

function readableBy({ resources }: Catalog, caller: Caller): readonly CatalogResource[] {
  return resources.filter((one) => one.kind === 'stored' || mayUse(caller, one.tool))
}

/** The HTTP request that a session is of. */
interface SessionRequest {
  readonly headers?: () => HeaderList
  /** Told what is left of a limit, where a call counts against one. */
  readonly onRate?: (rate: RateState) => void
}

/** What one caller may do on one server, for the length of one request; it keeps the catalog it began with. */
export function openSession(
  catalog: Catalog,
  caller: Caller,
  deps: ServeDeps,
  { headers, onRate }: SessionRequest = {},
): McpSession {
  const call = (name: string, args: unknown, request: CallRequest, isRead = false) => {
    const { client, signal, onProgress } = request
    const asked = {
      caller,
      arguments: args,
      ...(headers ? { headers } : {}),
      signal,
      deadline: Date.now() + deps.callTimeoutMs,
      ...(client.resultBytes === undefined ? {} : { resultBytes: client.resultBytes }),
      ...(onProgress ? { onProgress } : {}),
      ...(isRead ? { isRead } : {}),
    }
    const tool = catalog.byName.get(name)
    if (tool && mayUse(caller, tool)) {
      const run = () => runCall(catalog, tool, asked, client, deps)
      return withinLimits({ catalog, tool, caller, client, run, onRate }, deps)
    }
    if (name !== READ_MORE.name || tool) return Promise.resolve(undefined)
    const run = () => runReadMore(catalog, asked, client, deps)
    return withinLimits({ catalog, tool: READ_MORE, caller, client, run, onRate }, deps)
  }
  return {
    server: catalog.server,
    principal: caller.id,
    scope: scopeFor(catalog, caller),
    listTools: () => listFor(catalog, caller),
    findTool: (name) => {
      const tool = catalog.byName.get(name)
      return tool && mayUse(caller, tool) ? tool : undefined
    },
    callTool: (name, args, request) => call(name, args, request),
    ...sessionOffers(
      catalog,
      () => readableBy(catalog, caller),
      (name, args, request) => call(name, args, request, true),
    ),
  }
}

/** The same object for callers that see the same: all who may use everything, or those of the same rights. */
function scopeFor(catalog: Catalog, { rights }: Caller): object {
  return rights ? [LIMITED, ...rights].reduce(scopeWithin, catalog) : catalog
}

function scopeWithin(scope: object, some: object): object {
  const within = scopes.get(scope) ?? new WeakMap<object, object>()
  scopes.set(scope, within)
  const found = within.get(some) ?? {}
  within.set(some, found)
  return found
}

/** Apart from the catalog's own, even for who has no rights. */
const LIMITED = {}
const scopes = new WeakMap<object, WeakMap<object, object>>()

/** Reading on is offered beside the tools whose answers are known to be large. */
function listFor(catalog: Catalog, caller: Caller): readonly ListedTool[] {
  const seen = catalog.tools.filter((tool) => !tool.unlisted && mayUse(caller, tool))
  const isLarge = seen.some(({ offersProjection, hasLargeAnswers }) => offersProjection || hasLargeAnswers)
  if (!isLarge || catalog.byName.has(READ_MORE.name)) return seen
  const listed: readonly ListedTool[] = seen
  const after = listed.findIndex(({ name }) => name > READ_MORE.name)
  return after < 0 ? [...listed, READ_MORE] : listed.toSpliced(after, 0, READ_MORE)
}

interface GatedCall extends Pick<EndedCall, 'catalog' | 'tool' | 'caller' | 'client'> {
  readonly run: () => Promise<CallOutcome>
  readonly onRate: SessionRequest['onRate']
}

/** A call that is over a limit is one that was made and refused. */
async function withinLimits({ run, onRate, ...call }: GatedCall, deps: ServeDeps): Promise<CallOutcome> {
  // Most have none, and wait for nothing.
  if (!call.caller.limits && !call.catalog.server.limits) return run()
  const started = performance.now()
  const entered = await deps.gate.enter(call.caller, call.catalog.server)
  if (entered.rate) onRate?.(entered.rate)
  if (!entered.ok) {
    const outcome = { ok: false as const, kind: 'blocked' as const, message: entered.message }
    observeCall({ ...call, callId: randomUUID(), started, outcome }, deps)
    return outcome
  }
  try {
    return await run()
  } finally {
    entered.leave()
  }
}

type Asked = Pick<
  Call,
  'caller' | 'arguments' | 'headers' | 'signal' | 'deadline' | 'resultBytes' | 'onProgress' | 'isRead'
>

async function runReadMore(
  catalog: Catalog,
  asked: Asked,
  client: ClientProfile,
  deps: ServeDeps,
): Promise<CallOutcome> {
  const started = performance.now()
  const { caller } = asked
  const mayRead = (toolId: string) => catalog.tools.some((tool) => tool.id === toolId && mayUse(caller, tool))
  const ended = (outcome: EndedCall['outcome']) =>
    observeCall({ catalog, tool: READ_MORE, caller, client, callId: randomUUID(), started, outcome }, deps)
  const outcome = await telling(readMore(asked, mayRead, deps.calls), ended)
  ended(outcome)
  return outcome
}

async function runCall(
  catalog: Catalog,
  tool: CatalogTool,
  asked: Asked,
  client: ClientProfile,
  deps: ServeDeps,
): Promise<CallOutcome> {
  const started = performance.now()
  let cache: CacheUse | undefined
  let answered: string | undefined
  const call: Call = {
    ...asked,
    id: randomUUID(),
    tool,
    upstream: catalog.upstreams.get(tool.upstreamId)!,
    onCache: (use) => {
      cache = use
    },
    onAnswer: (text) => {
      answered = text
    },
  }
  const { caller } = asked
  const ended = (outcome: EndedCall['outcome']) =>
    observeCall({ catalog, tool, caller, client, callId: call.id, started, outcome, cache, answered }, deps)
  const outcome = refuseLoop(call, deps.loops) ?? (await telling(callTool(call, deps.calls), ended))
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

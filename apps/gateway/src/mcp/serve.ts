import { randomUUID } from 'node:crypto'
import { type CallDeps, callTool, READ_MORE, readMore } from '@sluice/calls'
import type {
  CacheUse,
  Call,
  Caller,
  CallOutcome,
  Catalog,
  CatalogTool,
  ClientProfile,
  HeaderList,
  ListedTool,
  Observe,
} from '@sluice/contract'
import type { McpSession } from '@sluice/mcp'
import type { LoopDetector } from './loop-detector.ts'

export interface ServeDeps {
  readonly calls: CallDeps
  readonly observe: Observe
  readonly callTimeoutMs: number
  readonly loops: LoopDetector
  /** Told of a tool whose answer was more than a result may cost, and that does not offer to pick from it yet. */
  readonly noteLargeAnswer?: (workspaceId: string, toolId: string) => void
  /** Aborted when the gateway gives up the calls in flight. */
  readonly stopping: AbortSignal
}

/** The one place that decides which tools a caller may use: listing, finding and calling all ask it (S66). */
export function mayUse({ rights }: Caller, tool: CatalogTool): boolean {
  if (!rights) return true
  if (rights.readOnly && !tool.annotations.readOnlyHint) return false
  if (!rights.tools && !rights.tags) return true
  return (rights.tools?.has(tool.id) ?? false) || tool.tags.some((tag) => rights.tags?.has(tag) ?? false)
}

/** What one caller may do on one server, for the length of one request; it keeps the catalog it began with. */
export function openSession(catalog: Catalog, caller: Caller, deps: ServeDeps, headers: HeaderList = []): McpSession {
  return {
    server: catalog.server,
    listTools: () => listFor(catalog, caller),
    callTool: (name, args, { client, signal }) => {
      const asked = { caller, arguments: args, headers }
      const tool = catalog.byName.get(name)
      if (tool && mayUse(caller, tool)) return runCall(catalog, tool, asked, client, signal, deps)
      return name === READ_MORE.name && !tool ? runReadMore(catalog, asked, client, deps) : Promise.resolve(undefined)
    },
  }
}

/** Reading on is offered beside the tools whose answers are known to be large. */
function listFor(catalog: Catalog, caller: Caller): readonly ListedTool[] {
  const listed = catalog.tools.filter((tool) => !tool.unlisted && mayUse(caller, tool))
  const isLarge = listed.some(({ offersProjection }) => offersProjection)
  return isLarge && !catalog.byName.has(READ_MORE.name) ? [...listed, READ_MORE] : listed
}

type Asked = Pick<Call, 'caller' | 'arguments' | 'headers'>

async function runReadMore(
  catalog: Catalog,
  { caller, arguments: args }: Asked,
  client: ClientProfile,
  deps: ServeDeps,
): Promise<CallOutcome> {
  const started = performance.now()
  const mayRead = (toolId: string) => catalog.tools.some((tool) => tool.id === toolId && mayUse(caller, tool))
  const outcome = await readMore(args, caller, mayRead, Date.now() + deps.callTimeoutMs, deps.calls)
  observeCall({ catalog, tool: READ_MORE, caller, client, callId: randomUUID(), started, outcome }, deps)
  return outcome
}

async function runCall(
  catalog: Catalog,
  tool: CatalogTool,
  asked: Asked,
  client: ClientProfile,
  signal: AbortSignal,
  deps: ServeDeps,
): Promise<CallOutcome> {
  const started = performance.now()
  let cache: CacheUse | undefined
  const call: Call = {
    ...asked,
    id: randomUUID(),
    tool,
    upstream: catalog.upstreams.get(tool.upstreamId)!,
    signal: AbortSignal.any([signal, deps.stopping]),
    deadline: Date.now() + deps.callTimeoutMs,
    onCache: (use) => {
      cache = use
    },
  }
  const outcome = refuseLoop(call, deps.loops) ?? (await callTool(call, deps.calls))
  const { caller } = asked
  if (outcome.ok && outcome.isPart && !tool.offersProjection) deps.noteLargeAnswer?.(caller.workspaceId, tool.id)
  observeCall({ catalog, tool, caller, client, callId: call.id, started, outcome, cache }, deps)
  return outcome
}

interface EndedCall {
  readonly catalog: Catalog
  readonly tool: ListedTool
  readonly caller: Caller
  readonly client: ClientProfile
  readonly callId: string
  /** `performance.now()` */
  readonly started: number
  readonly outcome: CallOutcome
  readonly cache?: CacheUse | undefined
}

function observeCall(ended: EndedCall, deps: ServeDeps): void {
  const { catalog, tool, caller, client, callId, started, outcome, cache } = ended
  deps.observe({
    kind: 'call.finished',
    callId,
    workspaceId: caller.workspaceId,
    server: catalog.server.slug,
    tool: tool.name,
    caller: caller.name,
    client: client.name,
    outcome: outcome.ok ? 'ok' : outcome.kind,
    ...(outcome.status ? { status: outcome.status } : {}),
    ...(cache ? { cache } : {}),
    ms: performance.now() - started,
    bytes: sizeOf(outcome),
  })
}

/** An agent that makes the very same call over and over is told so: the answer would not help it. */
function refuseLoop({ caller, tool, arguments: args }: Call, loops: LoopDetector): CallOutcome | undefined {
  const calls = loops.count(caller.accessKeyId ?? caller.name, tool.id, args)
  if (calls === undefined) return undefined
  const message = `This very call was made ${calls} times within a minute. Nothing was sent. Use what it answered, change its arguments, or wait a minute.`
  return { ok: false, kind: 'blocked', message }
}

function sizeOf(outcome: CallOutcome): number {
  if (!outcome.ok) return Buffer.byteLength(outcome.message)
  return outcome.content.reduce((sum, block) => sum + Buffer.byteLength(textOf(block)), 0)
}

function textOf(block: Extract<CallOutcome, { ok: true }>['content'][number]): string {
  if (block.type === 'text') return block.text
  return block.type === 'resource' ? (block.resource.blob ?? block.resource.text ?? '') : block.data
}

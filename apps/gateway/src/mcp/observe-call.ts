import type {
  CacheUse,
  Caller,
  CallOutcome,
  CallRoad,
  CatalogComposite,
  CatalogServer,
  CatalogTool,
  ClientProfile,
  FinishedCall,
  ListedTool,
  Observe,
} from '@sluice/contract'
import { stringifyJson } from '@sluice/schema'
import type { CallWeigher } from '../live/weigh-calls.ts'
import { roundedMs } from '../rounded-ms.ts'
import type { ContentKeeper } from './keep-content.ts'
import type { CallTimes } from './time-call.ts'

/** How a call ended that broke inside. */
export const BUG = { ok: false, kind: 'bug', status: undefined, message: '' } as const

export interface EndedCall {
  readonly catalog: { readonly server: Pick<CatalogServer, 'slug'> }
  /** Or what was asked for by that name. */
  readonly tool: Pick<ListedTool, 'name'>
  readonly caller: Caller
  readonly client: Pick<ClientProfile, 'name' | 'version'>
  readonly callId: string
  /** The call that made it. */
  readonly parent?: string | undefined
  /** Absent: by the tool's own name. */
  readonly road?: CallRoad | undefined
  /** Of a call of an API. */
  readonly times?: CallTimes
  readonly trace?: FinishedCall['trace'] | undefined
  /** Where the server records content. */
  readonly kept?: ContentKeeper | undefined
  /** `performance.now()` */
  readonly started: number
  readonly outcome: CallOutcome | typeof BUG
  readonly cache?: CacheUse | undefined
  /** The API's answer where it was text. */
  readonly answered?: string | undefined
}

export interface ObserveCallDeps {
  readonly observe: Observe
  readonly weigh: CallWeigher['weigh']
}

/** What it cost a model is counted after the call, which is told once that is known. */
export function observeCall(ended: EndedCall, deps: ObserveCallDeps): void {
  const { catalog, tool, caller, client, callId, parent, road, times, trace, kept, started, outcome, cache, answered } =
    ended
  const now = performance.now()
  const ms = roundedMs(now - started)
  const observation: FinishedCall = {
    kind: 'call.finished',
    callId,
    at: Math.round(Date.now() - ms),
    road: road ?? 'direct',
    ...(parent ? { parent } : {}),
    workspaceId: caller.workspaceId,
    server: catalog.server.slug,
    tool: tool.name,
    ...('id' in tool ? namesOf(tool as CatalogTool | CatalogComposite) : {}),
    callerId: caller.id,
    caller: caller.name,
    client: client.name,
    ...(client.version === undefined ? {} : { clientVersion: client.version }),
    outcome: outcome.ok ? 'ok' : outcome.kind,
    ...(outcome.status ? { status: outcome.status } : {}),
    ...(cache ? { cache } : {}),
    ms,
    ...times?.told(now),
    bytes: sizeOf(outcome),
    ...(trace ? { trace } : {}),
    ...(kept ? { content: kept.told() } : {}),
  }
  const weighed =
    answered === undefined ? undefined : deps.weigh(weighedAs(tool), { raw: answered, sent: sentText(outcome) })
  if (!weighed) deps.observe(observation)
  else void weighed.then((tokens) => deps.observe({ ...observation, tokens }))
}

function namesOf(
  tool: CatalogTool | CatalogComposite,
): Pick<FinishedCall, 'toolId' | 'operationVersion' | 'specRevision'> {
  if (!('operationVersion' in tool)) return { toolId: tool.id }
  const { id, operationVersion, specRevision } = tool
  return { toolId: id, operationVersion, ...(specRevision === undefined ? {} : { specRevision }) }
}

function weighedAs(tool: EndedCall['tool']): string {
  return 'id' in tool ? String(tool.id) : tool.name
}

function sentText(outcome: EndedCall['outcome']): string {
  return outcome.ok
    ? outcome.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n')
    : outcome.message
}

function sizeOf(outcome: EndedCall['outcome']): number {
  if (!outcome.ok) return Buffer.byteLength(outcome.message)
  const structured = outcome.structured ? Buffer.byteLength(stringifyJson(outcome.structured.value)) : 0
  return outcome.content.reduce((sum, block) => sum + Buffer.byteLength(textOf(block)), structured)
}

function textOf(block: Extract<CallOutcome, { ok: true }>['content'][number]): string {
  if (block.type === 'text') return block.text
  return block.type === 'resource' ? (block.resource.blob ?? block.resource.text ?? '') : block.data
}

import type {
  CacheUse,
  Caller,
  CallOutcome,
  Catalog,
  ClientProfile,
  ListedTool,
  Observation,
  Observe,
} from '@sluice/contract'
import { stringifyJson } from '@sluice/schema'
import type { CallWeigher } from '../live/weigh-calls.ts'

/** How a call ended that broke inside. */
export const BUG = { ok: false, kind: 'bug', status: undefined, message: '' } as const

export interface EndedCall {
  readonly catalog: Catalog
  readonly tool: ListedTool
  readonly caller: Caller
  readonly client: ClientProfile
  readonly callId: string
  /** The call that made it. */
  readonly parent?: string | undefined
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
  const { catalog, tool, caller, client, callId, parent, started, outcome, cache, answered } = ended
  const observation: Observation = {
    kind: 'call.finished',
    callId,
    ...(parent ? { parent } : {}),
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
  }
  const weighed =
    answered === undefined ? undefined : deps.weigh(weighedAs(tool), { raw: answered, sent: sentText(outcome) })
  if (!weighed) deps.observe(observation)
  else void weighed.then((tokens) => deps.observe({ ...observation, tokens }))
}

function weighedAs(tool: ListedTool): string {
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

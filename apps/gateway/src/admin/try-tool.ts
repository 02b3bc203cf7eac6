import { randomUUID } from 'node:crypto'
import { type CallDeps, callTool } from '@sluice/calls'
import {
  type Admin,
  type Call,
  type Caller,
  type CallOutcome,
  type CallStage,
  type HttpResponse,
  Problem,
  type TriedTool,
  type TryTool,
} from '@sluice/contract'
import { structuredContentOf } from '@sluice/mcp'
import { findCallContent, findSample, readCatalogTool, type Store } from '@sluice/store'
import { toTool } from '../live/build-catalog.ts'
import { BUG, type EndedCall, observeCall } from '../mcp/observe-call.ts'
import { timeCall } from '../mcp/time-call.ts'
import { argumentsToSend, recordedArguments } from './call-content.ts'
import type { AdminDeps } from './deps.ts'
import { measureStage } from './measure-stage.ts'
import { existing } from './route.ts'

/**
 * Calls a tool for its curator and tells what each stage made; secrets are masked there as in every answer. With an answer
 * given, nothing is sent and no credential is needed.
 */
export async function tryTool(
  admin: Admin,
  toolId: string,
  asked: TryTool,
  signal: AbortSignal,
  deps: AdminDeps,
): Promise<TriedTool> {
  const given = await withSample(admin, toolId, await withCall(admin, toolId, asked, deps), deps.store)
  const called = await calledTool(admin, toolId, deps.store)
  const { stages, outcome } = await runTry(admin, called, given, signal, deps)
  // Its table takes memory, which no call needs.
  const { countTokens } = await import('@sluice/tokenizer')
  return { stages: stages.map((one) => measureStage(one, countTokens)), outcome: shownOutcome(outcome) }
}

/** As a client of the newest revision is shown it. */
function shownOutcome(outcome: CallOutcome): object {
  if (!outcome.ok || !outcome.structured) return outcome
  const { structured, ...shown } = outcome
  return { ...shown, structuredContent: structuredContentOf(structured, 'modern') }
}

export interface Tried {
  readonly stages: ReadonlyArray<{ readonly stage: CallStage; readonly value: unknown }>
  readonly outcome: CallOutcome
}

type CalledTool = Pick<Call, 'tool' | 'upstream'>

/** A tool as calls have it, enabled or not; without its cache, since what is shown is what the API answers now. */
export async function calledTool({ workspaceId }: Admin, toolId: string, store: Store): Promise<CalledTool> {
  const rows = existing(await readCatalogTool(store, workspaceId, toolId), 'tool')
  const upstream = rows.upstreams[0]!
  const { cache: _cache, ...tool } = toTool(rows.tools[0]!, upstream, rows.secrets)
  return { tool, upstream }
}

/** What each stage made, not weighed. */
export async function runTry(
  admin: Admin,
  called: CalledTool,
  { arguments: args, answer }: Omit<TryTool, 'sample' | 'call'>,
  signal: AbortSignal,
  { serve }: AdminDeps,
): Promise<Tried> {
  const stages: Array<{ stage: CallStage; value: unknown }> = []
  // No agent reads on in what a curator tries.
  const { continuations: _kept, ...calls } = serve.calls
  const caller = { workspaceId: admin.workspaceId, id: admin.id, name: admin.name }
  const recorded = answer ? undefined : recordTry(called, caller, serve)
  const outcome = await callTool(
    {
      id: recorded?.callId ?? `try ${called.tool.id}`,
      caller,
      ...recorded?.told,
      ...(answer ? withoutCredentials(called) : called),
      arguments: args,
      signal: AbortSignal.any([signal, serve.stopping]),
      deadline: Date.now() + serve.callTimeoutMs,
      trace: (stage, value) => {
        // A given answer was asked for by nobody.
        if (!(answer && stage === 'sent')) stages.push({ stage, value })
      },
    },
    answer ? answering(answer, calls) : calls,
  ).catch((bug: unknown) => {
    recorded?.ended(BUG)
    throw bug
  })
  recorded?.ended(outcome)
  return { stages, outcome }
}

/** What is really sent is a call like any other: who made it is in the record. */
function recordTry({ tool }: CalledTool, caller: Caller, serve: AdminDeps['serve']) {
  const started = performance.now()
  const callId = randomUUID()
  const times = timeCall(started)
  let answered: string | undefined
  const told: Pick<Call, 'onStage' | 'onRepeat' | 'onAnswer'> = {
    onStage: times.onStage,
    onRepeat: times.onRepeat,
    onAnswer: (text) => {
      answered = text
    },
  }
  const about = { catalog: { server: { slug: '' } }, client: { name: 'admin API' }, road: 'try' as const }
  const ended = (outcome: EndedCall['outcome']) =>
    observeCall({ ...about, tool, caller, callId, started, times, outcome, answered }, serve)
  return { callId, told, ended }
}

/** What an agent sent is sent again, unless other arguments are given; what was answered then is not looked at. @throws Problem `not-found`, `conflict` */
async function withCall(
  { workspaceId }: Admin,
  toolId: string,
  asked: TryTool,
  { store, flushCalls }: AdminDeps,
): Promise<TryTool> {
  if (asked.call === undefined) return asked
  await flushCalls()
  const found = await findCallContent(store, workspaceId, asked.call)
  const content = existing(found?.toolId === toolId && found, 'call of this tool')
  const { call: _sent, ...rest } = asked
  if (rest.arguments !== undefined) return rest
  const isSent = rest.answer === undefined && rest.sample === undefined
  return { ...rest, arguments: isSent ? argumentsToSend(content) : recordedArguments(content) }
}

/** A sample stands for the answer, and for the arguments where none are given. @throws Problem `not-found` */
async function withSample({ workspaceId }: Admin, toolId: string, asked: TryTool, store: Store): Promise<TryTool> {
  if (asked.sample === undefined) return asked
  if (asked.answer) {
    const detail = 'Give either an `answer`, or the name of a `sample`.'
    throw new Problem('invalid-request', { detail, errors: [{ pointer: '/sample', detail }] })
  }
  const sample = existing(await findSample(store, { workspaceId, toolId, name: asked.sample }), 'sample')
  return { arguments: asked.arguments ?? sample.arguments, answer: sample.answer }
}

function withoutCredentials({ tool, upstream }: CalledTool): CalledTool {
  return {
    tool: { ...tool, operation: { ...tool.operation, security: [] } },
    upstream: { ...upstream, credentials: [] },
  }
}

/** A call whose API answers what is given. */
function answering({ status = 200, headers = {}, body }: NonNullable<TryTool['answer']>, calls: CallDeps): CallDeps {
  const pairs = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  const type = pairs.find(([name]) => name === 'content-type')?.[1]
  const text =
    typeof body === 'string' && type !== undefined && !/json/i.test(type) ? body : JSON.stringify(body ?? null)
  const response: HttpResponse = {
    status,
    headers: type === undefined ? [...pairs, ['content-type', 'application/json']] : pairs,
    body: Buffer.from(text),
  }
  const { cache: _cache, ...others } = calls
  return { ...others, send: async () => response }
}

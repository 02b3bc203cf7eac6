import { CallContent, KeepCall, type KeptContent, Problem, SampleDetail, type SetSample } from '@sluice/contract'
import { parseJson } from '@sluice/schema'
import { findCallContent, setSample } from '@sluice/store'
import type { AdminDeps } from './deps.ts'
import { ByCall } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'

/** What was sent and answered in a call, where its server records that, and what can be made of it. */
export function callContentRoutes({ store, flushCalls }: AdminDeps): AdminRoute[] {
  const tag = 'Calls'
  return [
    route(
      {
        method: 'GET',
        path: '/calls/:call/content',
        operationId: 'get_call_content',
        tag,
        summary: 'Read what was sent and answered in a call',
        description:
          'Of servers with `recordContent` alone: secrets are masked, what the redaction of the upstream and the tool takes out is out, and of each no more than 64 kB is kept.',
        role: 'editor',
        params: ByCall,
        status: 200,
        answers: 'Arguments and answer, or null where nothing is kept.',
        answer: CallContent,
        problems: ['not-found'],
      },
      async ({ admin, params }) => {
        await flushCalls()
        return existing(await findCallContent(store, admin.workspaceId, params.call), 'call')
      },
    ),
    route(
      {
        method: 'POST',
        path: '/calls/:call/sample',
        operationId: 'keep_call',
        tag,
        summary: 'Keep the answer of a call as a sample of its tool',
        description: 'Filters and interceptors are tried on samples. One of that name is replaced.',
        role: 'editor',
        params: ByCall,
        body: KeepCall,
        status: 201,
        answers: 'The sample as it is now.',
        answer: SampleDetail,
        problems: ['not-found', 'conflict'],
      },
      async ({ by, params, body: { name } }) => {
        await flushCalls()
        const content = existing(await findCallContent(store, by.workspaceId, params.call), 'call')
        const sample = sampleOfCall(content)
        return existing(await setSample(store, { ...by, toolId: content.toolId ?? '', name, sample }), 'tool any more')
      },
    ),
  ]
}

function sampleOfCall(content: CallContent): SetSample {
  const { answer, answerType, status } = content
  const args = recordedArguments(content)
  if (answer === null || answerType === null || status === null) throw notKept('answer')
  return {
    arguments: args,
    answer: { status, headers: { 'content-type': answerType }, body: bodyOf(answer, answerType) },
  } as SetSample
}

/** What says that it is JSON, and is none, was text to the agent too. */
function bodyOf(answer: string, type: string): unknown {
  if (!/\bjson$/.test(type)) return answer
  try {
    return parseJson(answer)
  } catch {
    return answer
  }
}

/** @throws Problem `conflict` where they were not kept, or not whole */
export function recordedArguments({ arguments: args, isCut }: KeptContent): Readonly<Record<string, unknown>> {
  if (isCut) {
    const detail = 'Of this call only the beginning is kept: it was more than 64 kB.'
    throw new Problem('conflict', { detail, errors: [{ pointer: 'call', detail }] })
  }
  if (args === null) throw notKept('arguments')
  return parseJson(args) as Readonly<Record<string, unknown>>
}

/** The same, to be sent to the API. @throws Problem `conflict` too where they are not what was sent */
export function argumentsToSend(content: KeptContent): Readonly<Record<string, unknown>> {
  const args = recordedArguments(content)
  if (!content.isRedacted) return args
  const detail = 'The arguments of this call are kept redacted: they are not what was sent. Nothing was sent again.'
  const fix = 'Give the `arguments` that you mean; they are sent in place of those that are kept.'
  throw new Problem('conflict', { detail, errors: [{ pointer: 'call', detail, fix }] })
}

function notKept(what: string): Problem {
  const detail = `Nothing is kept of the ${what} of this call.`
  const fix = 'Set `recordContent` on its server, and call again.'
  return new Problem('conflict', { detail, errors: [{ pointer: 'call', detail, fix }] })
}

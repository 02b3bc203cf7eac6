import { type Call, CallFailure, type CallOutcome } from '@sluice/contract'
import { buildRequest } from '@sluice/openapi'
import { applyCredential, type CredentialDeps } from './apply-credential.ts'
import { checkArguments } from './check-arguments.ts'
import { type FilterDeps, filterAnswer } from './filter-answer.ts'
import { fixArguments, showArguments, showRequest } from './fixed-arguments.ts'
import { forwardHeaders } from './forward-headers.ts'
import { hasIdempotencyKey, withIdempotencyKey } from './idempotency-key.ts'
import type { InterceptDeps } from './intercept.ts'
import { interceptRequest } from './intercept-request.ts'
import { interceptResponse } from './intercept-response.ts'
import { maskOfCall } from './mask-of-call.ts'
import { nextPage } from './next-page.ts'
import { type PresentDeps, presentAnswer } from './present-answer.ts'
import { type ProjectDeps, projectAnswer } from './project-answer.ts'
import { takeProjection } from './projection.ts'
import { readResponse } from './read-response.ts'
import { redact } from './redact.ts'
import { refuseFailure } from './refuse-failure.ts'
import { type SendDeps, sendSigned } from './send-signed.ts'

export interface CallDeps extends CredentialDeps, SendDeps, InterceptDeps, FilterDeps, ProjectDeps, PresentDeps {}

/** The life of one tool call. Only this file knows the order; each stage has a file of its own. */
export async function callTool(call: Call, deps: CallDeps): Promise<CallOutcome> {
  const { tool, upstream, trace, onStage } = call
  try {
    const checked = checkArguments(tool.inputSchema, call.arguments)
    const { args, projection } = takeProjection(checked, tool, deps.faultOf)
    const fixed = fixArguments(withIdempotencyKey(args, tool.operation), tool)
    trace?.('arguments', showArguments(fixed))
    onStage?.('arguments')

    const built = buildRequest(tool.operation, fixed.args, upstream.baseUrl, tool.prepared)
    trace?.('request', showRequest(built, fixed.placeholders))
    const drafted = await interceptRequest(forwardHeaders(built, call), call, fixed, deps)
    onStage?.('request')

    // Secrets enter last, just before the wire, and only for origins they are bound to.
    const sign = async () => {
      const signed = await applyCredential(drafted, call, fixed.placeholders, deps)
      trace?.('sent', signed.shown())
      return signed
    }
    const repeatable = tool.annotations.idempotentHint || hasIdempotencyKey(fixed.args, tool.operation)
    const { response, secrets } = await sendSigned(call, deps, sign, repeatable)
    onStage?.('upstream', response.body.length)

    const answer = readResponse(response, drafted.method, maskOfCall(upstream, secrets))
    trace?.('response', answer)
    if ('text' in answer) call.onAnswer?.(answer.text)
    const intercepted = await interceptResponse(answer, call, fixed, deps)
    const redacted = redact(intercepted, call)
    if (redacted !== intercepted) trace?.('redaction', redacted)
    onStage?.('response')
    refuseFailure(redacted, call)

    // After the filter data may only be removed or re-encoded, never added.
    const visible = await filterAnswer(redacted, call, deps)
    trace?.('filter', visible)
    onStage?.('filter')

    const projected = await projectAnswer(visible, projection, call, deps)
    if (projection !== undefined) trace?.('projection', projected.answer)

    const shown = presentAnswer(projected, nextPage(redacted, call), call, deps)
    trace?.('result', shown.content)
    onStage?.('result')
    return shown
  } catch (error) {
    if (error instanceof CallFailure) return error.outcome
    throw error
  }
}

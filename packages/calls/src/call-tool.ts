import { type Call, CallFailure, type CallOutcome } from '@sluice/contract'
import { buildRequest } from '@sluice/openapi'
import { applyCredential, type CredentialDeps } from './apply-credential.ts'
import { checkArguments } from './check-arguments.ts'
import { fixArguments, showArguments, showRequest } from './fixed-arguments.ts'
import { hasIdempotencyKey, withIdempotencyKey } from './idempotency-key.ts'
import { readResponse } from './read-response.ts'
import { refuseFailure } from './refuse-failure.ts'
import { type SendDeps, sendSigned } from './send-signed.ts'
import { toResult } from './to-result.ts'

export interface CallDeps extends CredentialDeps, SendDeps {
  /** JSON text in, JSON text out. @throws CallFailure of kind `interceptor` or `timeout` */
  readonly filter: (expression: string, body: string, limits: { readonly deadline: number }) => Promise<string>
}

/** The life of one tool call. Only this file knows the order; each stage has a file of its own. */
export async function callTool(call: Call, deps: CallDeps): Promise<CallOutcome> {
  const { tool, upstream, trace } = call
  try {
    const given = withIdempotencyKey(checkArguments(tool.inputSchema, call.arguments), tool.operation)
    const fixed = fixArguments(given, tool)
    trace?.('arguments', showArguments(fixed))

    const drafted = buildRequest(tool.operation, fixed.args, upstream.baseUrl)
    trace?.('request', showRequest(drafted, fixed.placeholders))

    // Secrets enter last, just before the wire, and only for origins they are bound to.
    const sign = () => applyCredential(drafted, call, fixed.placeholders, deps)
    const repeatable = tool.annotations.idempotentHint || hasIdempotencyKey(fixed.args, tool.operation)
    const { response, secrets } = await sendSigned(call, deps, sign, repeatable)

    const body = readResponse(response, drafted.method, secrets)
    trace?.('response', body)
    refuseFailure(body, call)

    // After the filter data may only be removed or re-encoded, never added.
    const visible = await applyFilter(tool.responseFilter, body, call, deps)
    trace?.('filter', visible)

    const content = toResult(visible, call)
    trace?.('result', content)
    return { ok: true, status: response.status, content }
  } catch (error) {
    if (error instanceof CallFailure) return error.outcome
    throw error
  }
}

type Body = ReturnType<typeof readResponse>

/** An empty answer has nothing to filter; one that is not JSON never passes unfiltered. */
async function applyFilter(expression: string | undefined, body: Body, call: Call, deps: CallDeps): Promise<Body> {
  if (expression === undefined || body.kind === 'empty') return body
  if (body.kind !== 'json') {
    throw new CallFailure(
      'interceptor',
      `The response filter of ${call.tool.name} needs JSON, but the API answered ${body.mimeType}.`,
    )
  }
  return { ...body, text: await deps.filter(expression, body.text, { deadline: call.deadline }) }
}

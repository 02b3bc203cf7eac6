import { type Call, CallFailure, type HttpResponse, LIMITS } from '@sluice/contract'
import type { SignedRequest } from './apply-credential.ts'
import { type CachingDeps, cachedSend } from './cached-send.ts'
import type { Tokens } from './create-tokens.ts'
import { maskOfCall } from './mask-of-call.ts'

export interface SendDeps extends CachingDeps {
  readonly tokens: Tokens
}

/** A stream of thousands of records is not told thousands of times. */
const MOST_OFTEN_MS = 40

/** An answer, and the secrets that it may echo. */
export interface SignedResponse {
  readonly response: HttpResponse
  readonly secrets: readonly string[]
}

/**
 * Signs a request and sends it; `repeatable` as `SendLimits` has it. An API that takes an access token for expired answers 401 and has not done what it was asked
 * (RFC 9110 15.5.2, RFC 6750 3.1): the request is then signed with a new token and sent once more, whatever its method (B157).
 */
export async function sendSigned(
  call: Call,
  deps: SendDeps,
  sign: () => Promise<SignedRequest>,
  repeatable: boolean,
): Promise<SignedResponse> {
  const { upstream, deadline, signal, caller } = call
  const redirects = upstream.policy?.followRedirects ? LIMITS.redirects : 0
  const progress = call.onProgress ? { onRecords: progressOf(call.onProgress) } : {}
  const repeats = call.onRepeat ? { onRepeat: call.onRepeat } : {}
  const bounds = { deadline, maxBytes: LIMITS.responseBytes, signal, ...repeats }
  const { workspaceId } = caller
  const limits = { allow: upstream.allow, workspaceId, ...bounds, repeatable, redirects, ...progress }
  const first = await sign()
  const response = await cachedSend(first, limits, call, deps).catch(masking(call, first.secrets))
  const isStale =
    response.status === 401 &&
    first.tokens.map((used) => deps.tokens.discard(used.credential, used.token)).includes(true)
  if (!isStale) return { response, secrets: first.secrets }
  call.onRepeat?.()
  const second = await sign()
  const secrets = [...first.secrets, ...second.secrets]
  return { response: await cachedSend(second, limits, call, deps).catch(masking(call, secrets)), secrets }
}

/** What an API says of its answer, as how it is encoded, may be told in the failure (S34). */
function masking({ upstream }: Call, secrets: readonly string[]): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof CallFailure)) throw error
    const { kind, message, cause, status, said } = error
    const mask = maskOfCall(upstream, secrets)
    if (mask.text(message) === message && (said === undefined || mask.text(said) === said)) throw error
    throw new CallFailure(kind, mask.text(message), {
      cause,
      ...(status === undefined ? {} : { status }),
      ...(said === undefined ? {} : { said: mask.text(said) }),
    })
  }
}

/** Progress only grows (MCP, Progress), also where a request is sent again. */
function progressOf(onProgress: NonNullable<Call['onProgress']>): (received: number) => void {
  let [told, at] = [0, 0]
  return (received) => {
    const now = performance.now()
    if (received <= told || now - at < MOST_OFTEN_MS) return
    told = received
    at = now
    onProgress(received, `${received} received`)
  }
}

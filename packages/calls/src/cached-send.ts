import {
  CACHEABLE_METHODS,
  type Call,
  type HttpRequest,
  type HttpResponse,
  type Send,
  type SendLimits,
} from '@sluice/contract'
import type { SignedRequest } from './apply-credential.ts'
import { cacheKey } from './cache-key.ts'
import { conditionsOf, freshMsOf, renewed } from './freshness.ts'
import type { CachePlace, ResponseCache } from './response-cache.ts'

export interface CachingDeps {
  readonly send: Send
  /** Absent: nothing is kept. */
  readonly cache?: ResponseCache
}

/**
 * Sends a signed request, or answers it from what was kept where the tool allows that. What is no longer fresh is asked about
 * before it is used again, and nothing else is ever served for it: a failure of the API is the answer.
 */
export function cachedSend(
  signed: SignedRequest,
  limits: SendLimits,
  call: Call,
  { send, cache }: CachingDeps,
): Promise<HttpResponse> {
  const { tool, caller } = call
  const { request } = signed
  if (!cache || (tool.annotations.readOnlyHint && !mayAnswer(request, call))) return send(request, limits)
  const site = JSON.stringify([caller.workspaceId, new URL(request.url).origin])
  // Whatever became of it, it may have been carried out.
  if (!tool.annotations.readOnlyHint) return send(request, limits).finally(() => cache.forget(site))
  return answered(request, limits, call, { send, cache, place: cache.open(cacheKey(signed, call, limits), site) })
}

/** A request that speaks of caching or of parts itself is none of ours. */
function mayAnswer({ method, headers }: HttpRequest, { tool }: Call): boolean {
  if (!tool.cache || !CACHEABLE_METHODS.has(method)) return false
  return !headers.some(([name]) => /^(cache-control|pragma|range|if-.*)$/i.test(name))
}

async function answered(
  request: HttpRequest,
  limits: SendLimits,
  { tool, onCache }: Call,
  { send, cache, place }: Required<CachingDeps> & { readonly place: CachePlace },
): Promise<HttpResponse> {
  const { kept } = place
  const at = cache.now()
  if (kept && cache.ageOf(kept) < Math.min(kept.freshMs, tool.cache!.ttlSeconds * 1000)) {
    onCache?.('hit')
    return kept.response
  }
  // A redirect may lead to another thing by now, of which the same word says something else.
  const conditions = kept && !limits.redirects ? conditionsOf(kept.response.headers) : []
  let response = await send({ ...request, headers: [...request.headers, ...conditions] }, limits)
  if (kept && conditions.length > 0 && response.status === 304) {
    const known = renewed(kept, response)
    response = known ?? (await send(request, limits))
    onCache?.(known ? 'revalidated' : 'miss')
  } else onCache?.('miss')
  const freshMs = freshMsOf(response)
  if (freshMs === undefined) place.drop()
  else place.keep({ response, at, freshMs })
  return response
}

import { setTimeout as sleep } from 'node:timers/promises'
import { abortSignalOf, CallFailure, type HttpResponse, headerValue, type SendLimits } from '@sluice/contract'
import { wasCutOff, wasNotSent } from './connection-lost.ts'
import type { Repeats } from './repeats.ts'

const FIRST_PAUSE_MS = 200
/** Who says to wait longer is not waited for. */
const LONGEST_PAUSE_MS = 10_000

/**
 * Sends a request up to three times where that is safe: what was never sent, any; else one that may be repeated, when the
 * connection failed or the answer was 429, 502, 503 or 504 (B132, S74). Between them a pause: as `Retry-After` says, else a
 * random one that doubles. Repeats are at most a tenth of an origin's requests (S73).
 */
export async function sendAgain(
  limits: SendLimits,
  repeats: Repeats,
  attempt: () => Promise<HttpResponse>,
  wait: (ms: number, value: undefined, options: { signal?: AbortSignal }) => Promise<unknown> = sleep,
): Promise<HttpResponse> {
  for (let tries = 1; ; tries++) {
    const result = await attempt().catch((error: unknown) => error)
    const pause = pauseAfter(result, limits, tries)
    const isWorthIt = pause !== undefined && Date.now() + pause < limits.deadline && repeats.take()
    if (!isWorthIt) {
      if (isAnswer(result)) return result
      throw result
    }
    limits.onRepeat?.()
    await wait(pause, undefined, limits.signal ? { signal: abortSignalOf(limits.signal) } : {}).catch(() => {
      throw new CallFailure('cancelled', 'The call was cancelled.')
    })
  }
}

/** Milliseconds until it is sent again, or nothing where it is not. */
function pauseAfter(result: unknown, { repeatable = false }: SendLimits, tries: number): number | undefined {
  const random = Math.random() * FIRST_PAUSE_MS * 2 ** tries
  if (isAnswer(result)) {
    if (!repeatable || !TEMPORARY.has(result.status)) return undefined
    const asked = retryAfterMs(headerValue(result.headers, 'retry-after'))
    if (asked === undefined) return random
    return asked <= LONGEST_PAUSE_MS ? asked + random : undefined
  }
  return wasNotSent(result) || (repeatable && wasCutOff(result)) ? random : undefined
}

const TEMPORARY: ReadonlySet<number> = new Set([429, 502, 503, 504])

function isAnswer(result: unknown): result is HttpResponse {
  return typeof result === 'object' && result !== null && 'status' in result && 'body' in result
}

/** RFC 9110 10.2.3: seconds or a date. */
function retryAfterMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}

import { CallFailure, type HttpResponse } from '@sluice/contract'
import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'
import { byOrigin } from './by-origin.ts'
import { wasUnreachable } from './connection-lost.ts'
import { describeFailure } from './describe-failure.ts'

export interface CircuitOptions {
  /** Failures in a row after which an origin is left alone. */
  readonly failuresInARow: number
  /** Milliseconds until one request may try it again. */
  readonly restMs: number
}

/** Whose circuit of an origin it is, and what the request would do. */
export interface CircuitKey {
  readonly workspaceId: string | undefined
  readonly method: string
}

/** Leaves origins alone that cannot be reached, so that calls of them end at once and hold no turn (S72). */
export interface Circuits {
  /** @throws CallFailure `upstream` while the origin is left alone; nothing is sent */
  run(target: URL, about: CircuitKey, work: () => Promise<HttpResponse>): Promise<HttpResponse>
}

export function createCircuits({ failuresInARow, restMs }: CircuitOptions): Circuits {
  const policy = handleWhen(isDown).orWhenResult((answer) => isAway(answer as HttpResponse))
  const circuitOf = byOrigin(() =>
    circuitBreaker(policy, { halfOpenAfter: restMs, breaker: new ConsecutiveBreaker(failuresInARow) }),
  )
  return {
    run: async (target, { workspaceId, method }, work) => {
      try {
        return await circuitOf(target.origin, workspaceId).execute(async () => {
          try {
            return await work()
          } catch (error) {
            throw describeFailure(error, target.host, method)
          }
        })
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error
        throw new CallFailure(
          'upstream',
          `${target.host} failed ${failuresInARow} times in a row and is left alone for ${restMs / 1000} s. Nothing was sent; try again later.`,
        )
      }
    },
  }
}

/** Whoever calls the origin, whatever for, would be served no better: an answer that cannot be read is one operation's fault. */
function isDown(error: unknown): boolean {
  return (error instanceof CallFailure && error.kind === 'timeout') || wasUnreachable(error)
}

/** What stands before the API says that it is not there. */
function isAway({ status }: HttpResponse): boolean {
  return status === 502 || status === 503 || status === 504
}

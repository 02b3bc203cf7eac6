import { CallFailure, type HttpResponse } from '@sluice/contract'
import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'
import { byOrigin } from './by-origin.ts'
import { describeFailure } from './describe-failure.ts'

export interface CircuitOptions {
  /** Failures in a row after which an origin is left alone. */
  readonly failuresInARow: number
  /** Milliseconds until one request may try it again. */
  readonly restMs: number
}

/** Leaves origins alone that only fail, so that calls of them end at once and hold no turn (S72). */
export interface Circuits {
  /** @throws CallFailure `upstream` while the origin is left alone; nothing is sent */
  run(target: URL, method: string, work: () => Promise<HttpResponse>): Promise<HttpResponse>
}

export function createCircuits({ failuresInARow, restMs }: CircuitOptions): Circuits {
  const policy = handleWhen(isDown).orWhenResult((answer) => isAway(answer as HttpResponse))
  const circuitOf = byOrigin(() =>
    circuitBreaker(policy, { halfOpenAfter: restMs, breaker: new ConsecutiveBreaker(failuresInARow) }),
  )
  return {
    run: async (target, method, work) => {
      try {
        return await circuitOf(target.origin).execute(async () => {
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

/** The fault is the origin's: not the caller's, who went away, and not a refusal of ours. */
function isDown(error: unknown): boolean {
  return error instanceof CallFailure && (error.kind === 'upstream' || error.kind === 'timeout')
}

/** What stands before the API says that it is not there. */
function isAway({ status }: HttpResponse): boolean {
  return status === 502 || status === 503 || status === 504
}

import type { HttpRequest, HttpResponse, SendLimits } from '@sluice/contract'
import type { Circuits } from './create-circuits.ts'
import { DOUBT, describeFailure } from './describe-failure.ts'
import { exchange } from './exchange.ts'
import { followRedirects } from './follow-redirects.ts'
import { isSafe } from './is-safe.ts'
import type { Lanes } from './lanes.ts'
import { readTarget } from './read-target.ts'
import type { Settle } from './receive.ts'
import { repeatsOf } from './repeats.ts'
import type { RetryBudgets } from './retry-budgets.ts'
import { sendAgain } from './send-again.ts'
import { watchLimits } from './watch-limits.ts'
import type { WorkspaceSlots } from './workspace-slots.ts'

export interface SendDeps {
  readonly lanes: Lanes
  readonly circuits: Circuits
  readonly budgets: RetryBudgets
  readonly streamMs: number
  readonly settle: Settle
  /** The slots of all origins together. */
  readonly slots: WorkspaceSlots
}

/** A request through the door, sent again where that is safe and of use. */
export async function send(request: HttpRequest, limits: SendLimits, deps: SendDeps): Promise<HttpResponse> {
  return followRedirects(request, limits.redirects ?? 0, async (one) => {
    const target = readTarget(one)
    const repeats = repeatsOf(deps.budgets.of(target.origin, limits.workspaceId))
    // Once in all its tries: else each try at an origin that resets connections would be two.
    let left = 1
    const mayRepeat = () => {
      if (left-- <= 0 || !repeats.take()) return false
      limits.onRepeat?.()
      return true
    }
    return sendAgain(limits, repeats, () => sendOnce(one, target, limits, deps, mayRepeat))
  })
}

/** One request: vetted, in its turn, within its limits. */
async function sendOnce(
  request: HttpRequest,
  target: URL,
  limits: SendLimits,
  deps: SendDeps,
  mayRepeat: () => boolean,
): Promise<HttpResponse> {
  let sent = false
  const watch = watchLimits(limits, (ms) =>
    sent
      ? `${target.host} gave no complete answer within ${ms} ms.${isSafe(request.method) ? '' : DOUBT}`
      : `${target.host} was not called: every connection that may be opened was busy for ${ms} ms. Try again later.`,
  )
  // A slot is taken from the origin first: who waits for a slow upstream must not hold what others could use.
  const answer = deps.lanes.use(target, limits, (lane) =>
    lane.slots.run(watch.signal, () =>
      deps.slots.run(limits.workspaceId, watch.signal, () => {
        sent = true
        const { maxBytes, onRecords, workspaceId } = limits
        const { streamMs, settle } = deps
        const exchangeLimits = { maxBytes, streamMs, settle, signal: watch.signal, onRecords, mayRepeat }
        const about = { workspaceId, method: request.method }
        return deps.circuits.run(target, about, () => exchange(lane.pool, target, request, exchangeLimits))
      }),
    ),
  )
  try {
    // undici hears the signal only once a connection stands; while it is being dialled, the race is what ends the wait.
    return await Promise.race([answer, watch.ended])
  } catch (error) {
    throw describeFailure(error, target.host, request.method)
  } finally {
    watch.stop()
  }
}

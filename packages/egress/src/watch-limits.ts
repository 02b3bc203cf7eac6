import { CallFailure, type CancelSignal, createCancel, type SendLimits } from '@sluice/contract'

/** The longest wait that `setTimeout` takes; beyond it, it fires at once. */
const LONGEST_MS = 2 ** 31 - 1

export interface LimitsWatch {
  /** Aborted with a CallFailure when the deadline passes or the caller cancels. */
  readonly signal: CancelSignal
  /** Rejects with the same CallFailure. */
  readonly ended: Promise<never>
  stop(): void
}

/** Watches a request's deadline and its caller's signal. `timeoutMessage` is asked at that moment, with the milliseconds that were given. */
export function watchLimits(limits: SendLimits, timeoutMessage: (ms: number) => string): LimitsWatch {
  const { signal, abort } = createCancel()
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  const cancel = () => abort(new CallFailure('cancelled', 'The call was cancelled.'))
  const ms = Math.max(0, limits.deadline - Date.now())
  const expire = () => abort(new CallFailure('timeout', timeoutMessage(ms)))
  const timer = setTimeout(expire, Math.min(ms, LONGEST_MS))
  limits.signal?.addEventListener('abort', cancel, { once: true })
  if (limits.signal?.aborted) cancel()
  else if (ms === 0) expire()
  return {
    signal,
    ended,
    stop() {
      clearTimeout(timer)
      limits.signal?.removeEventListener('abort', cancel)
    },
  }
}

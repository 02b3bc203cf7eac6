/** As much of an AbortSignal as calls ask of one. An AbortSignal is one. */
export interface CancelSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
  throwIfAborted(): void
}

/** What cancels, and the signal of it. */
export interface Cancel {
  readonly signal: CancelSignal
  /** Tells all who listen, once. */
  readonly abort: (reason?: unknown) => void
}

/**
 * An AbortController that costs nothing to speak of. Each call has two, and those of the platform cost a call as much as its request:
 * events are made for them, and what listened stays in memory until a large collection.
 */
export function createCancel(): Cancel {
  const signal = new LeanSignal()
  return {
    signal,
    abort: (reason = new DOMException('This operation was aborted', 'AbortError')) => signal.end(reason),
  }
}

class LeanSignal implements CancelSignal {
  aborted = false
  reason: unknown
  readonly #listeners: Array<() => void> = []

  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.aborted && !this.#listeners.includes(listener)) this.#listeners.push(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener)
    if (at >= 0) this.#listeners.splice(at, 1)
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  end(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    for (const listener of this.#listeners.splice(0)) listener()
  }
}

/** The platform's own, for what takes no other. */
export function abortSignalOf(signal: CancelSignal): AbortSignal {
  if (signal instanceof AbortSignal) return signal
  const controller = new AbortController()
  const abort = () => controller.abort(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return controller.signal
}

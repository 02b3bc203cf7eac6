import type ivm from 'isolated-vm'

/** Why an isolate was stopped. The stack tells where in the script it was. */
export class IsolateStop extends Error {
  override readonly name = 'IsolateStop'
  readonly why: 'time' | 'memory'

  constructor(why: 'time' | 'memory', cause: Error) {
    super(cause.message, { cause })
    this.why = why
    this.stack = cause.stack
  }
}

/** A script may throw errors with any words, but none that ends its isolate. The time is told by words alone. */
export function wasStopped(error: unknown, isolate: ivm.Isolate): 'time' | 'memory' | undefined {
  if (isolate.isDisposed) return 'memory'
  return error instanceof Error && error.message === 'Script execution timed out.' ? 'time' : undefined
}

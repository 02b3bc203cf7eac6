import type { FailureKind } from '@sluice/contract'

/** The kind of a failure that a task ended with, from its name. */
export function failureKind(name: string): FailureKind {
  return KINDS[name] ?? 'interceptor'
}

const KINDS: Readonly<Record<string, FailureKind | undefined>> = {
  Deadline: 'timeout',
  Closed: 'cancelled',
  Aborted: 'cancelled',
}

import type { CallLimits } from '@sluice/contract'
import { type command, given } from '../command.ts'
import { wholeNumber } from '../whole-number.ts'

/** How many calls are let through. */
export function withLimitOptions(base: ReturnType<typeof command>) {
  return base
    .option('--calls-per-minute <n>', 'at most so many calls in a minute', wholeNumber)
    .option('--calls-at-once <n>', 'at most so many calls at the same time', wholeNumber)
}

interface LimitOptions {
  readonly callsPerMinute?: number | undefined
  readonly callsAtOnce?: number | undefined
  /** No limit any more. */
  readonly unlimited?: boolean | undefined
}

/** The limits there were, with those that are given; nothing where they stay as they are. */
export function limitEdits(
  before: CallLimits | null,
  { callsPerMinute, callsAtOnce, unlimited }: LimitOptions,
): { limits?: CallLimits | null } {
  const own = given({ callsPerMinute, callsAtOnce })
  if (Object.keys(own).length > 0) return { limits: { ...(unlimited ? {} : before), ...own } }
  return unlimited ? { limits: null } : {}
}

export function limitsText(limits: CallLimits | null): string | null {
  if (!limits) return null
  const { callsPerMinute, callsAtOnce } = limits
  const parts = [callsPerMinute && `${callsPerMinute} calls a minute`, callsAtOnce && `${callsAtOnce} at once`]
  return parts.filter(Boolean).join(', ')
}

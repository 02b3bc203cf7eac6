import { type Send, together } from '@sluice/contract'
import { createCircuits } from './create-circuits.ts'
import { foreseeRefusal } from './foresee-refusal.ts'
import type { Lookup } from './guarded-lookup.ts'
import { createLanes, type LaneLimits, type MayAllow } from './lanes.ts'
import { reach } from './reach.ts'
import { resolveName } from './resolve-name.ts'
import { createRetryBudgets } from './retry-budgets.ts'
import { send } from './send.ts'
import { createWorkspaceSlots } from './workspace-slots.ts'

export interface EgressOptions {
  /** Hosts, `host:port`, IP addresses and CIDR ranges that may be called although they are private, by every upstream. */
  readonly allow: readonly string[]
  /** The operator's setting that `allow` comes from (`EGRESS_ALLOW`): refusals name it. */
  readonly allowSetting: string
  /** Whether a workspace's own allow lists count, beside `allow`; if absent, each does. */
  readonly mayAllow?: MayAllow
  /** Milliseconds for name, TCP and TLS together. */
  readonly connectMs?: number
  /** Requests under way to one origin; more wait for their turn. */
  readonly maxConcurrentPerOrigin?: number
  /** Requests under way to all origins; one workspace alone has at most three quarters of them. */
  readonly maxConcurrent?: number
  /** Milliseconds until the head of an answer, and between two parts of its body; a deadline may end it before. */
  readonly firstByteMs?: number
  readonly idleMs?: number
  /** Milliseconds for which a stream of events or records is listened to before it is closed. */
  readonly streamMs?: number
  /** Failures of an origin in a row after which it is left alone, and for how many milliseconds. */
  readonly failuresInARow?: number
  readonly restMs?: number
  /** How names become addresses; the system's resolver if absent. */
  readonly lookup?: Lookup
}

/** One origin may hold an eighth of all slots, so a slow upstream leaves room for the others. */
export const EGRESS_DEFAULTS = {
  connectMs: 5_000,
  firstByteMs: 40_000,
  idleMs: 20_000,
  streamMs: 10_000,
  maxConcurrentPerOrigin: 64,
  maxConcurrent: 512,
  failuresInARow: 10,
  restMs: 5_000,
} as const

export interface Egress {
  readonly send: Send
  /** Why calls to a URL would be refused for its address, or nothing; nothing is dialled. */
  foreseeRefusal(url: string, limits: LaneLimits): Promise<string | undefined>
  /** Connects to where a URL leads and hangs up; no request is sent. @throws CallFailure that says why no call could be made */
  reach(url: string, limits: LaneLimits): Promise<void>
  /** Lets what is under way end, then closes every connection; requests sent afterwards are `cancelled`. */
  close(): Promise<void>
}

/**
 * The one guarded door to the network. Every address is vetted at the moment it is dialled, redirects are answers like
 * any other, and the environment's proxies are not used.
 *
 * @throws Error naming the entry of `allow` that cannot be read.
 */
export function createEgress(options: EgressOptions): Egress {
  const settings = { ...EGRESS_DEFAULTS, lookup: resolveName, mayAllow: () => true, ...options }
  const lanes = createLanes(settings)
  const deps = {
    lanes,
    slots: createWorkspaceSlots(settings.maxConcurrent),
    circuits: createCircuits(settings),
    budgets: createRetryBudgets(),
    streamMs: settings.streamMs,
    settle: together((end: () => void) => end()),
  }
  return {
    send: (request, limits) => send(request, limits, deps),
    foreseeRefusal: (url, limits) => foreseeRefusal(url, limits, settings),
    reach: (url, limits) => reach(url, limits, settings),
    close: () => lanes.close(),
  }
}

import { isIP } from 'node:net'
import { CallFailure, type SendLimits } from '@sluice/contract'
import { Pool } from 'undici'
import { type AllowList, parseAllowList } from './allow-list.ts'
import { guardedLookup, type Lookup } from './guarded-lookup.ts'
import { refusal } from './refusal.ts'
import { createSlots, type Slots } from './slots.ts'
import { vetAddress } from './vet-address.ts'

/** What is kept for one origin, of one workspace under one allow list: its connections and its turns. */
interface Lane {
  readonly pool: Pool
  readonly slots: Slots
}

export interface Lanes {
  /** @throws CallFailure `blocked` for a host that is a refused address, `cancelled` once closed. */
  use<T>(target: URL, limits: LaneLimits, work: (lane: Lane) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export type LaneLimits = Pick<SendLimits, 'allow' | 'workspaceId'>

/** Whether a workspace's own allow lists count, beside the operator's. */
export type MayAllow = (workspaceId: string | undefined) => boolean

export interface LaneOptions {
  readonly allow: readonly string[]
  readonly allowSetting: string
  readonly mayAllow: MayAllow
  readonly connectMs: number
  readonly firstByteMs: number
  readonly idleMs: number
  readonly maxConcurrentPerOrigin: number
  readonly lookup: Lookup
}

/** Past this many, lanes that nobody uses are closed, the one unused for longest first. */
const MAX_LANES = 512

/** A response's status line and headers. */
const MAX_HEADER_BYTES = 32 * 1024

/** The lanes that are open. The allow list is part of a lane's key: a changed policy never meets a connection made under the old one. */
export function createLanes(options: LaneOptions): Lanes {
  const operatorAllows = parseAllowList(options.allow)
  const lanes = new Map<string, Lane & { users: number }>()
  let closed = false

  function enter(target: URL, { allow, workspaceId }: LaneLimits) {
    const key = JSON.stringify([target.origin, allow, workspaceId])
    const lane = lanes.get(key) ?? { ...openLane(target, operatorAllows, { allow, workspaceId }, options), users: 0 }
    lane.users++
    // A Map keeps the order of insertion: putting it back makes the first entry the one unused for longest, which nobody asks of few.
    if (lanes.size >= MAX_LANES / 2) lanes.delete(key)
    lanes.set(key, lane)
    return lane
  }

  function closeIdle() {
    for (const [key, lane] of lanes) {
      if (lanes.size <= MAX_LANES) return
      if (lane.users > 0) continue
      lanes.delete(key)
      void lane.pool.close()
    }
  }

  return {
    async use(target, limits, work) {
      if (closed) throw new CallFailure('cancelled', `${target.host} was not called: Sluice is stopping.`)
      const lane = enter(target, limits)
      try {
        return await work(lane)
      } finally {
        lane.users--
        closeIdle()
      }
    },
    async close() {
      closed = true
      const open = [...lanes.values()]
      lanes.clear()
      await Promise.all(open.map((lane) => lane.pool.close()))
    },
  }
}

function openLane(target: URL, operatorAllows: AllowList, limits: LaneLimits, options: LaneOptions): Lane {
  return {
    slots: createSlots(options.maxConcurrentPerOrigin),
    pool: new Pool(target.origin, {
      connect: diallingOf(target, operatorAllows, limits, options),
      connections: options.maxConcurrentPerOrigin,
      allowH2: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      // A deadline holds for the whole request beside these (watch-limits.ts).
      headersTimeout: options.firstByteMs,
      bodyTimeout: options.idleMs,
    }),
  }
}

/** How a target is dialled: at addresses that pass, and no others. @throws CallFailure `blocked` for a host that is a refused address */
export function diallingOf(target: URL, operatorAllows: AllowList, limits: LaneLimits, options: LaneOptions) {
  const vet = vetterFor(target, operatorAllows, limits, options)
  const hostname = hostnameOf(target)
  // A literal address is dialled without a lookup (net.connect), so it is vetted here.
  const refused = isIP(hostname) ? vet(hostname) : undefined
  if (refused) throw refused
  return { lookup: guardedLookup(options.lookup, vet), timeout: options.connectMs, allowH2: false }
}

/** As a URL has it, without the brackets of an IPv6 address. */
export function hostnameOf(target: URL): string {
  return target.hostname.replace(/^\[|\]$/g, '')
}

/** Says of an address that a target's host resolved to why it is not dialled, or nothing. */
export function vetterFor(
  target: URL,
  operatorAllows: AllowList,
  { allow, workspaceId }: LaneLimits,
  { allowSetting, mayAllow }: Pick<LaneOptions, 'allowSetting' | 'mayAllow'>,
): (address: string) => CallFailure | undefined {
  const isOwners = mayAllow(workspaceId)
  const lists = isOwners ? [operatorAllows, readUpstreamAllow(allow)] : [operatorAllows]
  const hostname = hostnameOf(target)
  const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80))
  const named = lists.some((list) => list.allowsHost(hostname, port))
  return (address) => {
    const fault = vetAddress(address, (ip) => named || lists.some((list) => list.allowsAddress(ip, port)))
    return fault && refusal({ host: target.host, hostname, address, fault, allowSetting, isOwners })
  }
}

function readUpstreamAllow(allow: readonly string[]): AllowList {
  try {
    return parseAllowList(allow)
  } catch (cause) {
    throw new CallFailure('blocked', `The upstream's allow list cannot be read: ${(cause as Error).message}`, { cause })
  }
}

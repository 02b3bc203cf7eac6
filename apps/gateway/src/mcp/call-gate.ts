import type { Caller, CallLimits, CatalogServer } from '@sluice/contract'
import type { Lease, WantedLease } from '@sluice/store'

/** Lets calls begin within the limits of their key and their server. */
export interface CallGate {
  readonly enter: (caller: Caller, server: CatalogServer, what?: EnteringKind) => Promise<Entered>
}

/**
 * A run of code is one of the minute's calls, and so pays for the first that it makes: code that calls nothing is no way around
 * a limit, and each call counts once (B185). Of those at once a run is none, as the calls that it makes would wait for it.
 */
export type EnteringKind = 'call' | 'run' | 'first call of a run'

export type Entered =
  | { readonly ok: true; readonly leave: () => void; readonly rate?: RateState }
  | { readonly ok: false; readonly message: string; readonly rate?: RateState }

/** What is left of the limit that is nearest to its end (draft-ietf-httpapi-ratelimit-headers, 3 and 4). */
export interface RateState {
  readonly name: 'key' | 'server'
  readonly limit: number
  readonly left: number
  readonly resetSeconds: number
}

export type LeaseCalls = (wanted: WantedLease) => Promise<Lease>

const WINDOW_MS = 60_000
/** Of a limit, what one gateway takes at a time: the others get theirs, and few calls ask the database. */
const SLICE = 1 / 5

/** A database that hangs is one that is away: a query to it would fail after half a minute. */
const MOST_LEASE_MS = 2_000

/** What one gateway knows of a key's or a server's calls. */
interface Counted {
  window: number
  /** Leased and not used. */
  own: number
  /** Left for all gateways, as the last lease told. */
  shared: number
  leasing: Promise<void> | undefined
  running: number
}

interface Scope {
  readonly name: 'key' | 'server'
  readonly id: string
  readonly limits: CallLimits
}

export function createCallGate(
  lease: LeaseCalls,
  now: () => number = Date.now,
  mostLeaseMs: number = MOST_LEASE_MS,
): CallGate {
  const counted = new Map<string, Counted>()

  function countedOf({ id }: Scope): Counted {
    const window = Math.floor(now() / WINDOW_MS)
    const known = counted.get(id) ?? {
      window,
      own: 0,
      shared: Number.POSITIVE_INFINITY,
      leasing: undefined,
      running: 0,
    }
    counted.set(id, known)
    if (known.window !== window) Object.assign(known, { window, own: 0, shared: Number.POSITIVE_INFINITY })
    return known
  }

  /** One more of the minute's calls; false where none is left. */
  async function take(scope: Scope, workspaceId: string, limit: number): Promise<boolean> {
    // Each lease leaves less for all, so this ends.
    for (;;) {
      const count = countedOf(scope)
      if (count.own > 0) {
        count.own--
        return true
      }
      if (count.shared <= 0) return false
      count.leasing ??= renew(scope, workspaceId, limit, count).finally(() => {
        count.leasing = undefined
      })
      await count.leasing
    }
  }

  async function renew({ id }: Scope, workspaceId: string, limit: number, count: Counted): Promise<void> {
    const { window } = count
    const wanted = Math.max(1, Math.ceil(limit * SLICE))
    // With the database away calls go on, and each gateway counts for itself.
    const got = await within(mostLeaseMs, lease({ workspaceId, scope: id, window, wanted, limit })).catch(() => ({
      granted: wanted,
      left: Math.max(0, Math.min(count.shared, limit) - wanted),
    }))
    if (count.window !== window) return
    count.own += got.granted
    count.shared = got.left
  }

  async function enter(caller: Caller, server: CatalogServer, what: EnteringKind = 'call'): Promise<Entered> {
    const scopes = scopesOf(caller, server)
    const begun: Counted[] = []
    const leave = () => {
      for (const count of begun) count.running--
    }
    let rate: RateState | undefined
    for (const scope of scopes) {
      const { callsAtOnce, callsPerMinute } = scope.limits
      if (what !== 'run') {
        const count = countedOf(scope)
        if (callsAtOnce !== undefined && count.running >= callsAtOnce) {
          leave()
          return { ok: false, message: tooManyAtOnce(scope, callsAtOnce) }
        }
        count.running++
        begun.push(count)
      }
      if (callsPerMinute === undefined || what === 'first call of a run') continue
      const isIn = await take(scope, caller.workspaceId, callsPerMinute)
      const state = stateOf(scope, countedOf(scope), callsPerMinute, now())
      if (!isIn) {
        leave()
        return { ok: false, message: tooManyPerMinute(scope, callsPerMinute, state.resetSeconds), rate: state }
      }
      if (!rate || state.left < rate.left) rate = state
    }
    return { ok: true, leave, ...(rate ? { rate } : {}) }
  }

  return { enter }
}

/** @throws Error where it takes longer; what comes then is nobody's */
function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('It took too long.')), ms)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

function scopesOf({ id, limits }: Caller, server: CatalogServer): Scope[] {
  return [
    ...(limits ? [{ name: 'key' as const, id: `key ${id}`, limits }] : []),
    ...(server.limits ? [{ name: 'server' as const, id: `server ${server.id}`, limits: server.limits }] : []),
  ]
}

function stateOf({ name }: Scope, { own, shared }: Counted, limit: number, at: number): RateState {
  const resetSeconds = Math.ceil((WINDOW_MS - (at % WINDOW_MS)) / 1000)
  return { name, limit, left: Math.min(limit, own + Math.max(0, shared)), resetSeconds }
}

function whoseOf({ name }: Scope): string {
  return name === 'key' ? 'This access key' : 'This server'
}

function tooManyAtOnce(scope: Scope, most: number): string {
  return `${whoseOf(scope)} lets ${most} ${most === 1 ? 'call' : 'calls'} run at once, and as many are running. Nothing was sent. Call again when one has ended.`
}

function tooManyPerMinute(scope: Scope, most: number, seconds: number): string {
  return `${whoseOf(scope)} lets ${most} ${most === 1 ? 'call' : 'calls'} through in a minute, and they were made. Nothing was sent. Call again in ${seconds} s.`
}

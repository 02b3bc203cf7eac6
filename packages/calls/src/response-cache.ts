import type { HttpResponse } from '@sluice/contract'
import { createBoundedMap } from './bounded-map.ts'

/** What each clock said. */
export type Instant = readonly number[]

/** An answer as it came from the wire: whatever changes answers afterwards is run on it again. */
export interface KeptAnswer {
  readonly response: HttpResponse
  /** `ResponseCache.now` when the request left: it is no younger than that. */
  readonly at: Instant
  /** For how long the API lets it be used without being asked. */
  readonly freshMs: number
}

/** What is known of one request, from before it is sent until it is answered. */
export interface CachePlace {
  readonly kept: KeptAnswer | undefined
  /** In place of what was kept; of no effect where something was written in between. */
  keep(answer: KeptAnswer): void
  drop(): void
}

/** The answers that one gateway keeps, in memory. */
export interface ResponseCache {
  now(): Instant
  /** Milliseconds. */
  ageOf(answer: Pick<KeptAnswer, 'at'>): number
  /** `key` tells apart all that must never share an answer; `site` is what a write makes stale. */
  open(key: string, site: string): CachePlace
  /** Something was written there, so nothing that was read before is served again (RFC 9111 4.4). */
  forget(site: string): void
}

const MOST_ANSWERS = 5_000
const MOST_BYTES = 32 * 1024 * 1024
/** A larger answer would push many out. */
const MOST_ANSWER_BYTES = 2 * 1024 * 1024
const MOST_SITES = 10_000
/** Of an entry beside its texts. */
const ENTRY_BYTES = 500

interface Entry extends KeptAnswer {
  readonly epoch: number
}

/** One never goes back, the other goes on while the machine sleeps: what is old by either is old. */
const CLOCKS = [() => performance.now(), () => Date.now()]

export function createResponseCache(clocks: ReadonlyArray<() => number> = CLOCKS): ResponseCache {
  const entries = createBoundedMap<Entry>({ mostEntries: MOST_ANSWERS, mostWeight: MOST_BYTES, weigh: bytesOf })
  let epoch = 0
  /** Answers for sites that are not remembered are of this epoch, or stale. */
  let forgotten = 0
  const dropped = () => {
    forgotten = epoch
  }
  const epochs = createBoundedMap<number>({ mostEntries: MOST_SITES, dropped })
  const epochOf = (site: string) => epochs.get(site) ?? forgotten

  return {
    now: () => clocks.map((now) => now()),
    ageOf: ({ at }) => Math.max(...clocks.map((now, index) => now() - at[index]!)),
    open(key, site) {
      const opened = epochOf(site)
      const entry = entries.get(key)
      return {
        kept: entry?.epoch === opened ? entry : undefined,
        keep({ response, at, freshMs }) {
          if (epochOf(site) !== opened) return
          const entry = { response: copyOf(response), at, freshMs, epoch: opened }
          if (bytesOf(entry) > MOST_ANSWER_BYTES) entries.delete(key)
          else entries.set(key, entry)
        },
        drop: () => entries.delete(key),
      }
    },
    forget: (site) => epochs.set(site, ++epoch),
  }
}

/** Nobody else holds it, and it holds no larger buffer that it was cut from. */
function copyOf(response: HttpResponse): HttpResponse {
  return { ...response, body: new Uint8Array(response.body) }
}

function bytesOf({ response: { headers, body } }: KeptAnswer): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length, ENTRY_BYTES + body.length)
}

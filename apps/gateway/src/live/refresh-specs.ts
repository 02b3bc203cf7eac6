import type { Observe } from '@sluice/contract'
import type { DueRefresh } from '@sluice/store'
import { isAway } from './is-away.ts'

export interface RefreshSpecsDeps {
  /** The upstreams that are due, taken so that no other gateway refreshes them. */
  readonly claim: () => Promise<readonly DueRefresh[]>
  readonly refresh: (due: DueRefresh) => Promise<string>
  readonly observe: Observe
}

/** How often the schedule is looked at. */
const LOOK_EVERY_MS = 15_000

/** Refreshes documents when they are due, one after the other. With the database away it waits for the next look. */
export function refreshSpecs(deps: RefreshSpecsDeps, everyMs = LOOK_EVERY_MS): { close: () => Promise<void> } {
  let isClosed = false
  let running: Promise<void> = Promise.resolve()
  const look = () => {
    running = running.then(() => (isClosed ? undefined : lookOnce(deps, () => isClosed)))
  }
  const timer = setInterval(look, everyMs).unref()
  look()
  return {
    close: async () => {
      isClosed = true
      clearInterval(timer)
      await running
    },
  }
}

async function lookOnce({ claim, refresh, observe }: RefreshSpecsDeps, isClosed: () => boolean): Promise<void> {
  const due = await claim().catch(() => [])
  for (const one of due) {
    if (isClosed()) return
    const started = performance.now()
    const finished = (outcome: string) =>
      observe({ kind: 'refresh.finished', upstream: one.slug, outcome, ms: performance.now() - started })
    try {
      finished(await refresh(one))
    } catch (cause) {
      if (isAway(cause)) finished('failed: the database does not answer')
      else observe({ kind: 'bug', where: `refreshing ${one.slug}`, cause })
    }
  }
}

import { Problem } from '@sluice/contract'
import type { Store } from '@sluice/store'

/** Whether the database answers. */
export interface DatabaseHealth {
  /** Why calls cannot be served as they should be now, or nothing. Says so within two seconds, however the database hangs. */
  readonly notReady: () => Promise<string | undefined>
  /**
   * For whoever cannot do without it: a query to a server that hangs would be waited for half a minute.
   * @throws Problem `database-unavailable`
   */
  readonly needDatabase: () => Promise<void>
}

/** Milliseconds without news from a database that is asked every second. */
const STALE_MS = 5_000
const PING_MS = 2_000

export function databaseHealth(
  store: Pick<Store, 'ping' | 'kind'>,
  staleMs: () => number,
  pingMs = PING_MS,
): DatabaseHealth {
  const answers = () => {
    let timer: NodeJS.Timeout
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, pingMs, false)
    })
    const ping = store.ping().then(
      () => true,
      () => false,
    )
    return Promise.race([ping, late]).finally(() => clearTimeout(timer))
  }
  return {
    notReady: async () => {
      if (staleMs() > STALE_MS) return 'the database does not answer; calls are served from memory'
      return (await answers()) ? undefined : 'the database does not answer'
    },
    needDatabase: async () => {
      // The embedded one does one thing after the other, and large things take their time.
      if (store.kind === 'pglite' || staleMs() <= STALE_MS || (await answers())) return
      throw new Problem('database-unavailable', { detail: 'The database does not answer. Try again when it does.' })
    },
  }
}

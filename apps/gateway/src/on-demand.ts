import type * as LocalAdminKey from './local-admin-key.ts'
import type * as RestoreLocal from './restore-local.ts'
import type * as RunGateway from './run-gateway.ts'
import type * as ServeCatalog from './serve-catalog.ts'
import type * as Start from './start.ts'

// The gateway is much, and most commands of the command line only ask where it is: this is loaded when it is first called.

export const start: typeof Start.start = async (...given) => (await import('./start.ts')).start(...given)

export const serveCatalog: typeof ServeCatalog.serveCatalog = async (...given) =>
  (await import('./serve-catalog.ts')).serveCatalog(...given)

export const runGateway: typeof RunGateway.runGateway = async (...given) =>
  (await import('./run-gateway.ts')).runGateway(...given)

export const createLocalAdminKey: typeof LocalAdminKey.createLocalAdminKey = async (...given) =>
  (await import('./local-admin-key.ts')).createLocalAdminKey(...given)

export const restoreLocal: typeof RestoreLocal.restoreLocal = async (...given) =>
  (await import('./restore-local.ts')).restoreLocal(...given)

/** Whether it is something that a person can mend; anything else is a bug and keeps its stack. */
export async function isExpected(error: unknown): Promise<boolean> {
  return (await import('./run-gateway.ts')).isExpected(error)
}

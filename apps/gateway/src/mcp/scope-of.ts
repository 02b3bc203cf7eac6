import type { Caller, Catalog } from '@sluice/contract'

/** The same object for callers that see the same: all who may use everything, or those of the same rights. */
export function scopeOf(catalog: Catalog, { rights }: Caller): object {
  return rights ? [LIMITED, ...rights].reduce(scopeWithin, catalog) : catalog
}

function scopeWithin(scope: object, some: object): object {
  const within = scopes.get(scope) ?? new WeakMap<object, object>()
  scopes.set(scope, within)
  const found = within.get(some) ?? {}
  within.set(some, found)
  return found
}

/** Apart from the catalog's own, even for who has no rights. */
const LIMITED = {}
const scopes = new WeakMap<object, WeakMap<object, object>>()

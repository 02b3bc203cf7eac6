import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'

/** Resolves a name to all its addresses. */
export type Lookup = (name: string) => Promise<readonly LookupAddress[]>

/**
 * The lookup of the socket itself: the addresses it hands over are the ones dialled, so there is no second answer for a
 * rebinding name to give. Of several addresses only those that pass are dialled; the first refusal is the error if none does.
 */
export function guardedLookup(lookup: Lookup, vet: (address: string) => Error | undefined): LookupFunction {
  return (name, options, callback) => {
    lookup(name).then(
      (found) => {
        const refusals = found.map(({ address }) => vet(address))
        const passed = found.filter((_, index) => !refusals[index])
        const [first] = passed
        if (!first) callback(refusals.find(Boolean) ?? noAddress(name), '')
        else if (options.all) callback(null, passed)
        else callback(null, first.address, first.family)
      },
      (error) => callback(error, ''),
    )
  }
}

function noAddress(name: string): Error {
  return Object.assign(new Error(`${name} has no address`), { code: 'ENOTFOUND' })
}

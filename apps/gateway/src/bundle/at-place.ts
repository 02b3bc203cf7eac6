import { Problem } from '@sluice/contract'
import { isAway } from '../live/is-away.ts'
import { type BundlePlace, bundleFault } from './bundle-faults.ts'

/** Runs a step for something of a bundle. @throws Problem with its faults at their place in the bundle */
export async function atPlace<T>(
  texts: ReadonlyMap<string, string>,
  place: BundlePlace,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // Of a database that is away nothing in the bundle is to blame.
    if (!(error instanceof Problem) || isAway(error)) throw error
    const faults = error.errors.length > 0 ? error.errors : [{ detail: error.detail }]
    const errors = faults.map(({ pointer, detail, fix }: { pointer?: string; detail: string; fix?: string }) => {
      const inner = pointer?.startsWith('/') ? `${place.pointer}${pointer}` : place.pointer
      return bundleFault(texts, { ...place, pointer: inner }, { detail, fix })
    })
    throw new Problem(error.code, { detail: errors[0]!.detail, errors, cause: error })
  }
}

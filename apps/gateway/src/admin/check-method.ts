import { Problem } from '@sluice/contract'
import { METHODS } from '@sluice/openapi'
import { hasMethod, type Store } from '@sluice/store'

const USUAL = METHODS.map((method) => method.toUpperCase())

/** A filter by a method that there is none of is a slip, and no filter. @throws Problem `invalid-request` */
export async function checkMethod(store: Store, workspaceId: string, method: string | undefined): Promise<void> {
  const name = method?.toUpperCase()
  if (name === undefined || USUAL.includes(name) || (await hasMethod(store, workspaceId, name))) return
  const detail = `No operation is of a method "${method}".`
  const fix = `Give one of ${USUAL.join(', ')}.`
  throw new Problem('invalid-request', { detail, errors: [{ pointer: 'method', detail, fix }] })
}

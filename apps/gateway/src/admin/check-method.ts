import { Problem } from '@sluice/contract'
import { hasMethod, type Store } from '@sluice/store'

// Those that a path item has fields for (OpenAPI 3.2). A document may have others, in `additionalOperations`.
const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE', 'QUERY']

/** A filter by a method that there is none of is a slip, and no filter. @throws Problem `invalid-request` */
export async function checkMethod(store: Store, workspaceId: string, method: string | undefined): Promise<void> {
  const name = method?.toUpperCase()
  if (name === undefined || METHODS.includes(name) || (await hasMethod(store, workspaceId, name))) return
  const detail = `No operation is of a method "${method}".`
  const fix = `Give one of ${METHODS.join(', ')}.`
  throw new Problem('invalid-request', { detail, errors: [{ pointer: 'method', detail, fix }] })
}

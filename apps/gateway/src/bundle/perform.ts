import type { Admin } from '@sluice/contract'
import { type AdminRoute, refuseRole } from '../admin/route.ts'
import { checkBody } from '../check-request.ts'
import { atPlace } from './at-place.ts'
import type { BundlePlace } from './bundle-faults.ts'

/** What a request of the admin API would say, and what of the bundle it is for. */
interface Step {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: object
  readonly body?: object
  readonly place: BundlePlace
}

/**
 * Does what a request to one of the admin API's routes does: with its role, its schema and its checks, so that applying a bundle
 * can do nothing that its key could not do otherwise (S65).
 * @throws Problem whose faults are told at their place in the bundle
 */
export type Perform = <T = unknown>(operationId: string, step: Step) => Promise<T>

export function createPerform(table: readonly AdminRoute[], admin: Admin, texts: ReadonlyMap<string, string>): Perform {
  const routes = new Map(table.map((route) => [route.operationId, route]))
  return async <T>(operationId: string, { params = {}, query = {}, body, place }: Step) => {
    const route = routes.get(operationId)
    if (!route) throw new Error(`the admin API has no ${operationId}`)
    return atPlace(texts, place, async () => {
      refuseRole(admin, route)
      if (route.body) checkBody(route.body, body)
      const by = { workspaceId: admin.workspaceId, actor: admin.id }
      const request = { admin, by, params, query, body, once: undefined, check: () => {}, signal: GONE, raw: undefined }
      return (await route.handle(request as never)) as T
    })
  }
}

/** Nobody waits for what would be told beside: samples are tried when a person changes a tool. */
const GONE = AbortSignal.abort()

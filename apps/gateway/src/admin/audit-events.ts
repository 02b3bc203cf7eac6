import { AuditEvent, Id, Page, PageQuery } from '@sluice/contract'
import { listAuditEvents } from '@sluice/store'
import { Type } from 'typebox'
import type { AdminDeps } from './deps.ts'
import { type AdminRoute, route } from './route.ts'

/** What happened: every change. */
export function auditEventRoutes({ store }: AdminDeps): AdminRoute[] {
  const tag = 'Audit'
  return [
    route(
      {
        method: 'GET',
        path: '/audit-events',
        operationId: 'list_audit_events',
        tag,
        summary: 'List who changed what',
        role: 'viewer',
        query: PageQuery(['-at', 'at'], {
          actor: Type.Optional(Id),
          action: Type.Optional(Type.String({ minLength: 1, maxLength: 100, examples: ['tool.update'] })),
          target: Type.Optional(Id),
        }),
        status: 200,
        answers: 'One page of changes, the newest first.',
        answer: Page(AuditEvent),
      },
      ({ admin, query }) => listAuditEvents(store, admin.workspaceId, query),
    ),
  ]
}

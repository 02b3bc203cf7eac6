import { AuditEvent, FinishedCall, Id, Page, PageQuery, Slug } from '@sluice/contract'
import { listAuditEvents } from '@sluice/store'
import { Type } from 'typebox'
import type { AdminDeps } from './deps.ts'
import { type AdminRoute, route } from './route.ts'

/** What happened: every change, and the last calls. */
export function auditEventRoutes({ store, calls }: AdminDeps): AdminRoute[] {
  const tag = 'Audit and calls'
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
    route(
      {
        method: 'GET',
        path: '/calls',
        operationId: 'list_calls',
        tag,
        summary: 'List the last calls that this gateway served',
        description: 'The newest first, at most 1,000, since it started; other replicas remember their own.',
        role: 'viewer',
        query: Type.Object(
          {
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 50 })),
            server: Type.Optional(Slug),
            tool: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
            outcome: Type.Optional(Type.String({ minLength: 1, maxLength: 50, examples: ['upstream'] })),
          },
          { additionalProperties: false },
        ),
        status: 200,
        answers: 'The last calls, the newest first.',
        answer: Page(FinishedCall),
      },
      async ({ admin, query: { limit = 50, server, tool, outcome } }) => {
        const fits = (wanted: string | undefined, value: string) => wanted === undefined || wanted === value
        const items = calls
          .of(admin.workspaceId)
          .filter((call) => fits(server, call.server) && fits(tool, call.tool) && fits(outcome, call.outcome))
        return { items: items.slice(0, limit), nextCursor: null }
      },
    ),
  ]
}

import { AuditEvent, AuditVerification, Id, Page, PageQuery, VerificationQuery } from '@sluice/contract'
import { listAuditEvents, verifyAuditChain } from '@sluice/store'
import { Type } from 'typebox'
import type { AdminDeps } from './deps.ts'
import { type AdminRoute, route } from './route.ts'

/** What happened: every change, and whether it is still told as it was. */
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
    route(
      {
        method: 'GET',
        path: '/audit-events/verification',
        operationId: 'verify_audit_events',
        tag,
        summary: 'Tell whether the audit trail is as it was written',
        description:
          'Each event bears a hash over itself and the event before, and the end of this chain is kept apart. What was edited, deleted, put elsewhere, added or cut off is found. Who may write the database may compute a whole new chain: give the `end` of an earlier answer as `kept` to find that too.',
        role: 'viewer',
        query: VerificationQuery,
        status: 200,
        answers: 'What came of following the chain, with the first place where it breaks.',
        answer: AuditVerification,
      },
      ({ admin, query }) => verifyAuditChain(store, admin.workspaceId, query.kept),
    ),
  ]
}

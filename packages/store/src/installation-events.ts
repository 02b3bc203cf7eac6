import type { AuditEvent, PageOf, PageRequest } from '@sluice/contract'
import { and } from 'drizzle-orm'
import { type AuditFilter, type NewAuditEvent, recordAudit } from './audit-events.ts'
import { is } from './conditions.ts'
import type { Database } from './database.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { installationEvents } from './schema-records.ts'
import { transact } from './transact.ts'
import type { Writing } from './writing.ts'

/** Written in the transaction of the change, as in a workspace. */
export async function recordInstallationEvent(tx: Database, event: Omit<NewAuditEvent, 'workspaceId'>): Promise<void> {
  await tx.insert(installationEvents).values({ ...event, id: newId('aud') })
}

/** Says in the audit trail of the default workspace who took a copy of the whole database. */
export function recordCopy(store: Store, { workspaceId, actor }: Writing, bytes: number): Promise<void> {
  const event = { workspaceId, actor, action: 'database.copy' as const, target: 'database', after: { bytes } }
  return transact(store, workspaceId, (tx) => recordAudit(tx, event))
}

/** What was done to workspaces, those that are gone too; the newest first, unless asked otherwise. */
export async function listInstallationEvents(
  store: Store,
  request: PageRequest & Omit<AuditFilter, 'actor'>,
): Promise<PageOf<AuditEvent>> {
  const { id, at, action, target } = installationEvents
  const page = planPage<Row>({ sort: '-at', ...request }, { at }, id)
  const rows = await store.db
    .select()
    .from(installationEvents)
    .where(and(is(action, request.action), is(target, request.target), page.where))
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, (row) => ({ ...row, actorName: row.actor, at: row.at.toISOString() }))
}

type Row = typeof installationEvents.$inferSelect

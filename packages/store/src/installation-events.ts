import type { AuditEvent, PageOf, PageRequest } from '@sluice/contract'
import { and } from 'drizzle-orm'
import type { AuditFilter, NewAuditEvent } from './audit-events.ts'
import { is } from './conditions.ts'
import type { Database } from './database.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { installationEvents } from './schema-records.ts'

/** Written in the transaction of the change, as in a workspace. */
export async function recordInstallationEvent(tx: Database, event: Omit<NewAuditEvent, 'workspaceId'>): Promise<void> {
  await tx.insert(installationEvents).values({ ...event, id: newId('aud') })
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

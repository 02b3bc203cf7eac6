import { type AuditEvent, type PageOf, type PageRequest, Problem } from '@sluice/contract'
import { and, eq, sql } from 'drizzle-orm'
import pg from 'pg'
import { is } from './conditions.ts'
import type { Database } from './database.ts'
import { hashEvent } from './hash-event.ts'
import { insertRows } from './insert-rows.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { adminKeys } from './schema.ts'
import { auditEvents, auditHeads } from './schema-records.ts'

export type AuditAction =
  | `${'admin-key' | 'access-key'}.${'create' | 'revoke'}`
  | `${'upstream' | 'tool' | 'server' | 'access-key' | 'admin-key' | 'secret' | 'issuer'}.update`
  | `${'upstream' | 'tool' | 'server' | 'secret' | 'issuer'}.${'create' | 'delete'}`
  | 'upstream.allow'
  | 'tool.agree'
  | `${'credential' | 'sample' | 'resource' | 'prompt' | 'composite'}.${'set' | 'delete'}`
  | 'prompt.choose'
  | `server-tool.${'add' | 'update' | 'remove'}`
  | 'import.commit'
  | 'master-key.rotate'
  | 'database.copy'
  | `workspace.${'create' | 'update' | 'delete'}`

/** Who changed what. `before` and `after` hold what changed, as JSON; never a key or a secret. */
export interface NewAuditEvent {
  readonly workspaceId: string
  /** An AdminKey's id, `installation` for whoever holds the installation key, or `system`. */
  readonly actor: string
  readonly action: AuditAction
  /** The id of what was changed. */
  readonly target: string
  readonly before?: unknown
  readonly after?: unknown
}

/** Written in the transaction of the change: there is no change without its event. */
export function recordAudit(tx: Database, { workspaceId, ...event }: NewAuditEvent): Promise<void> {
  return recordAudits(tx, workspaceId, [event])
}

/** A batch of them, in their order. Each bears the hash of the one before, so that what is changed later shows (S69). */
export async function recordAudits(
  tx: Database,
  workspaceId: string,
  events: ReadonlyArray<Omit<NewAuditEvent, 'workspaceId'>>,
): Promise<void> {
  const { at, ...head } = await lockHead(tx, workspaceId)
  let { sequence, hash } = head
  const rows = events.map(({ actor, action, target, before = null, after = null }) => {
    sequence++
    const event = { workspaceId, id: newId('aud'), sequence, at, actor, action, target, before, after }
    hash = hashEvent(hash, event)
    return { ...event, hash }
  })
  await insertRows(tx, auditEvents, rows).catch((error: unknown) => {
    throw isSetBack(error) ? setBack(head.sequence) : error
  })
  await tx.update(auditHeads).set({ sequence, hash }).where(eq(auditHeads.workspaceId, workspaceId))
}

/** An event stands already where the next one belongs. */
function isSetBack(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.constraint === 'audit_events_sequence'
}

function setBack(sequence: number): Problem {
  const detail = `Nothing was changed: the end of the audit trail was set back past Sluice. It says that event ${sequence} is the last, and event ${sequence + 1} is there.`
  const fix =
    'Look at it with `sluice audit verify`, then restore a backup, or do what docs/how-to/back-up-and-restore.md says of a trail that was set back.'
  return new Problem('database-unavailable', { detail, errors: [{ detail, fix }] })
}

/** The end of the chain, which nobody else goes on with before this transaction is over; and the time, as the database has it. */
async function lockHead(tx: Database, workspaceId: string) {
  const stored = sql`(select count(*) from ${auditEvents} where ${eq(auditEvents.workspaceId, workspaceId)}
    and not exists (select from ${auditHeads} where ${eq(auditHeads.workspaceId, workspaceId)}))`
  const [head] = await tx
    .insert(auditHeads)
    .values({ workspaceId, sequence: 0, hash: '', earlier: stored })
    .onConflictDoUpdate({ target: auditHeads.workspaceId, set: { sequence: sql`${auditHeads.sequence}` } })
    .returning({
      sequence: auditHeads.sequence,
      hash: auditHeads.hash,
      at: sql`now()`.mapWith(auditEvents.at),
    })
  return head!
}

/** What a change is about, as it was. */
export function fieldsBefore<T extends object>(current: T, change: object): Partial<T> {
  return Object.fromEntries(Object.keys(change).map((key) => [key, current[key as keyof T]])) as Partial<T>
}

export interface AuditFilter {
  readonly actor?: string
  readonly action?: string
  readonly target?: string
}

/** The newest first, unless asked otherwise. */
export async function listAuditEvents(
  store: Store,
  workspaceId: string,
  request: PageRequest & AuditFilter,
): Promise<PageOf<AuditEvent>> {
  const { id, at, actor, action, target, before, after } = auditEvents
  const actorName = sql<string>`coalesce(${adminKeys.name}, ${actor})`
  const page = planPage<AuditRow>({ sort: '-at', ...request }, { at }, id)
  const rows = await store.db
    .select({ id, at, actor, actorName, action, target, before, after })
    .from(auditEvents)
    .leftJoin(adminKeys, and(eq(adminKeys.workspaceId, auditEvents.workspaceId), eq(adminKeys.id, actor)))
    .where(
      and(
        eq(auditEvents.workspaceId, workspaceId),
        is(actor, request.actor),
        is(action, request.action),
        is(target, request.target),
        page.where,
      ),
    )
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, (row) => ({ ...row, at: row.at.toISOString() }))
}

type AuditRow = Omit<AuditEvent, 'at'> & { readonly at: Date }

import type { Database } from './database.ts'
import { newId } from './new-id.ts'
import { auditEvents } from './schema.ts'

/** Who changed what. `before` and `after` hold what changed, as JSON; never a key or a secret. */
export interface AuditEvent {
  readonly workspaceId: string
  /** An AdminKey's id, or `system`. */
  readonly actor: string
  readonly action: 'admin-key.create' | 'access-key.create' | 'access-key.revoke' | 'import.commit' | 'tool.update'
  /** The id of what was changed. */
  readonly target: string
  readonly before?: unknown
  readonly after?: unknown
}

/** Written in the transaction of the change: there is no change without its event. */
export async function recordAudit(tx: Database, event: AuditEvent): Promise<void> {
  await tx.insert(auditEvents).values({ ...event, id: newId('aud') })
}

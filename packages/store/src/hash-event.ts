import { createHash } from 'node:crypto'
import { canonicalJson } from '@sluice/schema'
import { storableJson } from './columns.ts'

/** What the hash of an event is over, beside the hash of the event before. */
export interface HashedEvent {
  readonly workspaceId: string
  readonly id: string
  readonly sequence: number
  readonly at: Date
  readonly actor: string
  readonly action: string
  readonly target: string
  readonly before: unknown
  readonly after: unknown
}

/**
 * SHA-256, hex, of the hash before, a line feed and the event as canonical JSON: a list, in the order of `HashedEvent`, with the
 * milliseconds since 1970 as its time. It is the same for what is to be stored and for what comes back: the database changes
 * the order of keys, how a number is written, and characters that it refuses.
 */
export function hashEvent(previous: string, event: HashedEvent): string {
  const { workspaceId, id, sequence, at, actor, action, target, before, after } = event
  const fields = [workspaceId, id, sequence, at.getTime(), actor, action, target, before ?? null, after ?? null]
  const text = canonicalJson(JSON.parse(storableJson(fields)))
  return createHash('sha256').update(`${previous}\n${text}`).digest('hex')
}

import { createHash } from 'node:crypto'
import { Problem } from '@sluice/contract'
import { isObject } from '@sluice/schema'

/** What changes without anybody changing the thing itself: an ETag that moved with it would refuse for nothing. */
const NOT_WRITTEN = new Set(['revision', 'url', 'lastUsedAt', 'updatedAt'])

/** An entity tag (RFC 9110 8.8.3) of what an update would overwrite: 128 bits of SHA-256. */
export function etagOf(thing: unknown): string {
  const written = isObject(thing) ? Object.entries(thing).filter(isWritten) : thing
  return `"${createHash('sha256').update(JSON.stringify(written)).digest('hex').slice(0, 32)}"`
}

/** Counts of tools move by themselves too; a key's list of tools does not. */
function isWritten([key, value]: [string, unknown]): boolean {
  return !NOT_WRITTEN.has(key) && !(key === 'tools' && isObject(value))
}

/** @throws (from the check) Problem `precondition-failed` where the thing is not one of those that the client names */
export function precondition(ifMatch: string | undefined): (current: unknown) => void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return () => {}
  const wanted = ifMatch.split(',').map((tag) => tag.trim())
  return (current) => {
    if (wanted.includes(etagOf(current))) return
    const detail = 'Somebody changed it since you read it. Read it again, and send the ETag of that answer as If-Match.'
    throw new Problem('precondition-failed', { detail })
  }
}

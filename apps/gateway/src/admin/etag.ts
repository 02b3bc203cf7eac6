import { createHash } from 'node:crypto'
import { Problem } from '@sluice/contract'
import { isObject } from '@sluice/schema'

/** What changes without anybody changing the thing itself: an ETag that moved with it would refuse for nothing. */
const NOT_WRITTEN = new Set([
  'revision',
  'url',
  'offers',
  'lastUsedAt',
  'updatedAt',
  'refresh',
  'largeAnswers',
  'outputSchema',
  'notes',
])

/** An entity tag (RFC 9110 8.8.3) of what an update would overwrite: 128 bits of SHA-256. */
export function etagOf(thing: unknown): string {
  const written = isObject(thing) ? Object.entries(thing).filter(isWritten(thing)) : thing
  return `"${createHash('sha256').update(JSON.stringify(written)).digest('hex').slice(0, 32)}"`
}

/**
 * Counts of tools move by themselves too; a key's list of tools does not. A sealed value, which is bound to origins, is never
 * seen: that it was written shows in its time alone, which nothing else moves.
 */
function isWritten(thing: Record<string, unknown>): (entry: [string, unknown]) => boolean {
  const isSealed = 'origins' in thing
  return ([key, value]) => {
    if (key === 'tools') return Array.isArray(value)
    return !NOT_WRITTEN.has(key) || (isSealed && key === 'updatedAt')
  }
}

/**
 * What refuses a change of what is not as the client read it. `current` is undefined where there is nothing yet.
 * @throws (from the check) Problem `precondition-failed` where the thing is not one of those that the client names
 */
export function precondition(ifMatch: string | undefined): (current: unknown) => void {
  if (ifMatch === undefined) return () => {}
  const wanted = ifMatch.split(',').map((tag) => tag.trim())
  return (current) => {
    const isWanted = current !== undefined && (wanted.includes('*') || wanted.includes(etagOf(current)))
    if (isWanted) return
    const detail =
      current === undefined
        ? 'There is nothing there yet that could be as you read it: leave If-Match out to make it.'
        : 'Somebody changed it since you read it. Read it again, and send the ETag of that answer as If-Match.'
    throw new Problem('precondition-failed', { detail })
  }
}

/** A condition that nothing can be held against is refused: a client that sends one counts on it. @throws Problem `invalid-request` */
export function refusePrecondition(ifMatch: string | undefined): void {
  if (ifMatch === undefined) return
  const detail =
    'If-Match is about one thing as you read it, and this request changes no single thing that has an ETag.'
  const fix = 'Leave the header out, or change each thing by itself: what is read alone has an ETag.'
  throw new Problem('invalid-request', { detail, errors: [{ pointer: 'If-Match', detail, fix }] })
}

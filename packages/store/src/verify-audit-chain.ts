import type { AuditFault, AuditVerification } from '@sluice/contract'
import { and, asc, eq, gt, lte, sql } from 'drizzle-orm'
import { subquery } from './conditions.ts'
import { type HashedEvent, hashEvent } from './hash-event.ts'
import type { Store } from './open-store.ts'
import { auditEvents, auditHeads } from './schema-records.ts'

/**
 * Follows the chain of a workspace's audit events from the first to the last, and tells the first place where it breaks (S69):
 * what was edited, deleted, put elsewhere, cut off at the end or added.
 *
 * Who may write the database may also compute a whole new chain with its end, or take the newest events off and set the end
 * back: nothing in the database tells that. An end that was `kept` elsewhere does, for all up to it.
 */
export async function verifyAuditChain(store: Store, workspaceId: string, kept?: string): Promise<AuditVerification> {
  const end = await readEnd(store, workspaceId)
  const { sequence: events, hash, unchained: earlier } = end
  const fault = (await followChain(store, workspaceId, end, kept)) ?? faultOutside(end)
  const intact = fault === null
  return { intact, events, earlier, end: intact && events > 0 ? `${events}:${hash}` : null, fault }
}

interface ChainEnd {
  readonly hasHead: boolean
  readonly sequence: number
  readonly hash: string
  /** How many events were there when the chain began, and how many of no place in it are there. */
  readonly earlier: number
  readonly unchained: number
  /** The last place that an event has. */
  readonly last: number
}

/** In one query, and so of one moment: what is written meanwhile lies behind this end, and is not looked at. */
async function readEnd(store: Store, workspaceId: string): Promise<ChainEnd> {
  const { sequence } = auditEvents
  const ofWorkspace = eq(auditEvents.workspaceId, workspaceId)
  const unchained = sql`select count(*)::integer from ${auditEvents} where ${ofWorkspace} and coalesce(${sequence}, 0) < 1`
  const [end] = await store.db
    .select({
      head: subquery<{ sequence: number; hash: string; earlier: number } | null>(
        sql`select to_jsonb(${auditHeads}) from ${auditHeads} where ${eq(auditHeads.workspaceId, workspaceId)}`,
      ),
      unchained: subquery<number>(unchained),
      last: subquery<string>(sql`select coalesce(max(${sequence}), 0) from ${auditEvents} where ${ofWorkspace}`),
    })
    .from(sql`(select) as one`)
  const { head, unchained: count, last } = end!
  const { sequence: at, hash, earlier } = head ?? { sequence: 0, hash: '', earlier: count }
  return { hasHead: head !== null, sequence: at, hash, earlier, unchained: count, last: Number(last) }
}

type ChainedRow = HashedEvent & { readonly hash: string | null }

async function followChain(
  store: Store,
  workspaceId: string,
  end: ChainEnd,
  kept: string | undefined,
): Promise<AuditFault | null> {
  const [keptAt, keptHash] = kept?.split(':') ?? []
  let previous = ''
  let sequence = 0
  for await (const row of chainRows(store, workspaceId, 0, end.sequence)) {
    sequence++
    if (row.sequence > sequence) return missing(sequence, row.sequence - 1)
    if (hashEvent(previous, row) !== row.hash) return altered(row, await findPlace(store, row, end.sequence))
    if (sequence === Number(keptAt) && row.hash !== keptHash) return unlikeKept(row)
    previous = row.hash
  }
  const last = Math.max(end.sequence, Number(keptAt ?? 0))
  if (sequence < last) return cutOff(sequence + 1, last)
  return previous === end.hash ? null : rewritten(end.sequence)
}

/** The events behind a place, up to another, in the order of their places. */
async function* chainRows(store: Store, workspaceId: string, behind: number, upTo: number): AsyncGenerator<ChainedRow> {
  const { sequence } = auditEvents
  for (let last = behind; ; ) {
    const rows = await store.db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.workspaceId, workspaceId), gt(sequence, last), lte(sequence, upTo)))
      .orderBy(asc(sequence))
      .limit(PAGE_ROWS)
    for (const row of rows) yield { ...row, sequence: row.sequence! }
    if (rows.length < PAGE_ROWS) return
    last = rows.at(-1)!.sequence!
  }
}

const PAGE_ROWS = 500

/**
 * Where an event was written that stands elsewhere now: behind one of those that follow, or in the place of one if that one was
 * moved as well.
 */
async function findPlace(store: Store, row: ChainedRow, upTo: number): Promise<number | undefined> {
  for await (const other of chainRows(store, row.workspaceId, row.sequence, upTo))
    for (const sequence of [other.sequence, other.sequence + 1])
      if (hashEvent(other.hash ?? '', { ...row, sequence }) === row.hash) return sequence
  return undefined
}

/** What is there beside a chain that is whole. */
function faultOutside({ hasHead, sequence, earlier, unchained, last }: ChainEnd): AuditFault | null {
  if (!hasHead && last > 0)
    return faultOf(
      'deleted',
      null,
      'The end of the chain, which is kept apart, was deleted: nothing tells what is missing.',
    )
  if (last > sequence)
    return faultOf(
      'added',
      sequence + 1,
      `The chain ends with event ${sequence}; what stands behind it was added past Sluice, or this end was set back: no change is possible before it is mended.`,
    )
  if (unchained > earlier) {
    const by = 'by something else than Sluice, or by a gateway of an earlier version that ran on'
    return faultOf('added', null, `${eventsText(unchained - earlier)} outside of the chain since it began, ${by}.`)
  }
  if (unchained < earlier)
    return faultOf('deleted', null, `${earlier - unchained} of the ${earlier} events before the chain were deleted.`)
  return null
}

function missing(from: number, to: number): AuditFault {
  return faultOf('deleted', from, `${range(from, to)} deleted: what follows is there.`)
}

function cutOff(from: number, to: number): AuditFault {
  return faultOf('cut-off', from, `${range(from, to)} cut off at the end.`)
}

function altered({ sequence, id }: ChainedRow, place: number | undefined): AuditFault {
  if (place !== undefined)
    return faultOf('reordered', sequence, `What stands as event ${sequence} was written as event ${place}.`, id)
  const detail = `Event ${sequence} is not what was written there: it was edited, or another was put in its place.`
  return faultOf('edited', sequence, detail, id)
}

function rewritten(sequence: number): AuditFault {
  const detail = `Event ${sequence} is not the one that the chain ended with: events were edited and their hashes made anew.`
  return faultOf('edited', sequence, detail)
}

function unlikeKept({ sequence, id }: ChainedRow): AuditFault {
  const detail = `Event ${sequence} is not the one that was kept: it, or what is before it, was written anew.`
  return faultOf('edited', sequence, detail, id)
}

function faultOf(kind: AuditFault['kind'], sequence: number | null, detail: string, event: string | null = null) {
  return { kind, sequence, event, detail }
}

function range(from: number, to: number): string {
  return from === to ? `Event ${from} was` : `Events ${from} to ${to} were`
}

function eventsText(number: number): string {
  return number === 1 ? '1 event was written' : `${number} events were written`
}

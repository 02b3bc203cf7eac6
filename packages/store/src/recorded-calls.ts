import {
  boundsOf,
  CALL_NUMBERS,
  type CallContent,
  type CallFilter,
  type CallNumber,
  type FinishedCall,
  type KeptContent,
  type PageOf,
  type PageRequest,
  type RecordedCall,
  TIMED_STAGES,
} from '@sluice/contract'
import {
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  gt,
  gte,
  isNotNull,
  lt,
  type SQL,
  type SQLWrapper,
  sql,
} from 'drizzle-orm'
import { storableJson } from './columns.ts'
import { is, isRow } from './conditions.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { workspaces } from './schema.ts'
import { recordedCalls } from './schema-records.ts'

/** Calls of a workspace that were not recorded, told once. */
export interface Drop {
  readonly id: string
  readonly workspaceId: string
  readonly calls: number
}

/** Writes calls that ended, and what was dropped. What was written before is left as it is, what is of a workspace that is gone is left out. */
export async function recordCalls(
  { db }: Store,
  calls: readonly FinishedCall[],
  drops: readonly Drop[] = [],
): Promise<void> {
  if (calls.length > 0) await db.execute(insertion('recorded_calls', calls.map(toRow)))
  const dropped = drops.map(({ id, workspaceId, ...drop }) => ({ id, workspace_id: workspaceId, ...drop }))
  if (dropped.length > 0) await db.execute(insertion('dropped_calls', dropped))
}

/** The database reads a batch as one JSON text: a parameter for each value would cost several times as much. */
function insertion(table: 'recorded_calls' | 'dropped_calls', rows: readonly object[]): SQL {
  const name = sql.identifier(table)
  const columns = sql.join(
    Object.keys(rows[0]!).map((column) => sql.identifier(column)),
    sql`, `,
  )
  return sql`insert into ${name} (${columns})
    select ${columns} from json_populate_recordset(null::${name}, ${storableJson(rows)}::json) as row
    where exists (select 1 from ${workspaces} where ${workspaces.id} = row.workspace_id)
    on conflict do nothing`
}

/** All rows of a batch have the same columns; what is undefined is not written out, and null in the database. */
function toRow(call: FinishedCall) {
  const { tokens } = call
  return {
    workspace_id: call.workspaceId,
    id: call.callId,
    at: new Date(call.at).toISOString(),
    server: call.server,
    tool: call.tool,
    tool_id: call.toolId,
    operation_version: call.operationVersion,
    spec_revision: call.specRevision,
    caller_id: call.callerId,
    caller: call.caller,
    client: call.client,
    client_version: call.clientVersion,
    road: call.road,
    parent: call.parent,
    outcome: call.outcome,
    status: call.status,
    retries: call.retries ?? 0,
    cache: call.cache,
    ms: Math.round(call.ms * 1000) / 1000,
    stages: call.stages ?? {},
    raw_bytes: call.rawBytes,
    bytes: call.bytes,
    raw_tokens: tokens?.raw,
    sent_tokens: tokens?.sent,
    is_reckoned: tokens?.isReckoned ?? false,
    trace_id: call.trace?.traceId,
    ...contentColumns(call.content),
  }
}

function contentColumns(content: KeptContent | undefined) {
  const { arguments: args, answer, answerType, isCut = false, isRedacted = false } = content ?? {}
  return { arguments: args, answer, answer_type: answerType, is_cut: isCut, is_redacted: isRedacted }
}

/** The newest first, unless asked otherwise. */
export async function listRecordedCalls(
  store: Store,
  workspaceId: string,
  request: PageRequest & CallFilter,
): Promise<PageOf<RecordedCall>> {
  const { at, id } = recordedCalls
  const page = planPage<CallRow>({ sort: '-at', ...request }, { at }, id)
  const rows = await store.db
    .select(SHOWN)
    .from(recordedCalls)
    .where(and(ofCalls(workspaceId, request), page.where))
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, toCall)
}

/** What was sent and answered in a call, as far as it is kept. */
export async function findCallContent(store: Store, workspaceId: string, id: string): Promise<CallContent | undefined> {
  const { toolId, status, arguments: args, answer, answerType, isCut, isRedacted } = recordedCalls
  const [row] = await store.db
    .select({ toolId, status, arguments: args, answer, answerType, isCut, isRedacted })
    .from(recordedCalls)
    .where(isRow(recordedCalls, workspaceId, id))
  return row
}

/** A call, and when it was written by the clock of the database. */
export interface WrittenCall {
  readonly call: RecordedCall
  readonly writtenAt: Date
}

/** What was written later than a time, the oldest first; of very much the newest. Without a time, what time it is. */
export async function readWrittenCalls(
  store: Store,
  workspaceId: string,
  filter: CallFilter,
  after: Date | undefined,
): Promise<{ readonly now: Date; readonly calls: readonly WrittenCall[] }> {
  const { rows } = await store.db.execute<{ now: string }>(sql`select now()::text as now`)
  const now = new Date(rows[0]!.now)
  if (after === undefined) return { now, calls: [] }
  const { writtenAt } = recordedCalls
  const found = await store.db
    .select(SHOWN)
    .from(recordedCalls)
    .where(and(ofCalls(workspaceId, filter), gt(writtenAt, after)))
    .orderBy(desc(writtenAt), desc(recordedCalls.at))
    .limit(MOST_WRITTEN)
  return { now, calls: found.map((row) => ({ call: toCall(row), writtenAt: row.writtenAt })).toReversed() }
}

const MOST_WRITTEN = 5_000

/** A place in the order in which calls were written. */
export interface WrittenPlace {
  readonly writtenAt: Date
  /** Of a call; `''` stands before all of that time. */
  readonly id: string
}

/** Where a call stands in that order. */
export async function findWrittenPlace(
  store: Store,
  workspaceId: string,
  id: string,
): Promise<WrittenPlace | undefined> {
  const [row] = await store.db
    .select({ writtenAt: recordedCalls.writtenAt, id: recordedCalls.id })
    .from(recordedCalls)
    .where(isRow(recordedCalls, workspaceId, id))
  return row
}

/** A page of what was written behind a place, in that order; an empty one is the end. */
export async function readWrittenBehind(
  store: Store,
  workspaceId: string,
  filter: CallFilter,
  behind: WrittenPlace,
): Promise<readonly WrittenCall[]> {
  const { writtenAt, id } = recordedCalls
  const isBehind = sql`(${writtenAt}, ${id}) > (${behind.writtenAt.toISOString()}::timestamptz, ${behind.id})`
  const found = await store.db
    .select(SHOWN)
    .from(recordedCalls)
    .where(and(ofCalls(workspaceId, filter), isBehind))
    .orderBy(asc(writtenAt), asc(id))
    .limit(PAGE_WRITTEN)
  return found.map((row) => ({ call: toCall(row), writtenAt: row.writtenAt }))
}

const PAGE_WRITTEN = 1_000

export async function findRecordedCall(
  store: Store,
  workspaceId: string,
  id: string,
): Promise<RecordedCall | undefined> {
  const [row] = await store.db
    .select(SHOWN)
    .from(recordedCalls)
    .where(isRow(recordedCalls, workspaceId, id))
  return row && toCall(row)
}

/** That a call is of the workspace, and one of those that are meant. */
export function ofCalls(workspaceId: string, filter: CallFilter): SQL | undefined {
  const table = recordedCalls
  const { status, failed, reckoned, since, until } = filter
  return and(
    eq(table.workspaceId, workspaceId),
    ...TEXTS.map((name) => is(table[name], filter[name])),
    status === undefined ? undefined : eq(table.status, status),
    failed === undefined ? undefined : sql`(${table.outcome} <> 'ok') = ${failed}`,
    // Nothing was reckoned of what was not weighed, and it was not counted either.
    reckoned === undefined ? undefined : and(eq(table.isReckoned, reckoned), isNotNull(table.rawTokens)),
    cameThrough(filter),
    ...(Object.keys(CALL_NUMBERS) as CallNumber[]).map((name) => isWithin(name, filter)),
    since === undefined ? undefined : gte(table.at, new Date(since)),
    until === undefined ? undefined : lt(table.at, new Date(until)),
  )
}

function cameThrough({ stage, minStageMs }: CallFilter): SQL | undefined {
  if (stage === undefined && minStageMs === undefined) return undefined
  const isStage = stage === undefined ? undefined : sql`stage.name = ${stage}`
  const isSlow = minStageMs === undefined ? undefined : sql`stage.ms::float8 >= ${minStageMs}`
  const each = sql`jsonb_each_text(${recordedCalls.stages}) as stage(name, ms)`
  return sql`exists (select 1 from ${each} where ${and(isStage, isSlow)})`
}

/** Numbers are compared as such: one that the column could not hold is no fault. */
function isWithin(name: CallNumber, filter: CallFilter): SQL | undefined {
  const { least, most } = boundsOf(name)
  const [min, max] = [filter[least], filter[most]]
  const value = sql`(${NUMBERS[name]})::float8`
  return and(
    min === undefined ? undefined : sql`${value} >= ${min}`,
    max === undefined ? undefined : sql`${value} <= ${max}`,
  )
}

const { ms, retries, rawBytes, bytes, rawTokens, sentTokens } = recordedCalls

const NUMBERS: Readonly<Record<CallNumber, SQLWrapper>> = {
  ...{ ms, retries, rawBytes, bytes, rawTokens, sentTokens },
  savedTokens: sql`${rawTokens} - ${sentTokens}`,
}

const TEXTS = [
  'server',
  'tool',
  'toolId',
  'operationVersion',
  'specRevision',
  'callerId',
  'caller',
  'client',
  'clientVersion',
  'road',
  'parent',
  'outcome',
  'cache',
  'traceId',
] as const satisfies ReadonlyArray<keyof CallFilter>

const {
  arguments: _args,
  answer: _answer,
  answerType: _type,
  isCut: _isCut,
  isRedacted: _isRedacted,
  ...SHOWN
} = getTableColumns(recordedCalls)

type CallRow = Omit<typeof recordedCalls.$inferSelect, keyof KeptContent>

function toCall(row: CallRow): RecordedCall {
  const { workspaceId: _in, writtenAt: _when, rawTokens, sentTokens, isReckoned, at, stages, ...call } = row
  const isWeighed = rawTokens !== null && sentTokens !== null
  return {
    ...call,
    at: at.toISOString(),
    // The database keeps no order of names.
    stages: Object.fromEntries(TIMED_STAGES.flatMap((stage) => (stage in stages ? [[stage, stages[stage]!]] : []))),
    tokens: isWeighed ? { raw: rawTokens, sent: sentTokens, ...(isReckoned ? { isReckoned } : {}) } : null,
    savedTokens: isWeighed ? rawTokens - sentTokens : null,
  }
}

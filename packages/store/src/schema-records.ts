import type { CacheUse, CallRoad } from '@sluice/contract'
import { sql } from 'drizzle-orm'
import { bigint, boolean, doublePrecision, index, integer, pgTable, primaryKey, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant, json, text } from './columns.ts'
import { reference, tools, workspaceId } from './schema.ts'

// What happened, and what is kept for a while.

const eventColumns = () => ({
  at: instant('at').notNull().defaultNow(),
  /** An AdminKey's id, `installation` or `system`. */
  actor: text('actor').notNull(),
  action: text('action').notNull(),
  /** The id of what was changed. */
  target: text('target').notNull(),
  before: json<unknown>('before'),
  after: json<unknown>('after'),
})

export const auditEvents = pgTable(
  'audit_events',
  {
    workspaceId: workspaceId(),
    id: text('id').notNull(),
    ...eventColumns(),
    /** Its place in the chain of its workspace, from 1 on; null for what a version before the chain wrote. */
    sequence: bigint('sequence', { mode: 'number' }),
    /** As `hashEvent` makes it. */
    hash: text('hash'),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    index('audit_events_at').on(table.workspaceId, table.at),
    index('audit_events_target').on(table.workspaceId, table.target),
    uniqueIndex('audit_events_sequence').on(table.workspaceId, table.sequence),
  ],
)

/** Where the chain of a workspace's events ends, kept apart from them: without it, nobody would miss the newest. */
export const auditHeads = pgTable('audit_heads', {
  workspaceId: workspaceId().primaryKey(),
  sequence: bigint('sequence', { mode: 'number' }).notNull(),
  hash: text('hash').notNull(),
  /** How many events were there when the chain began. */
  earlier: bigint('earlier', { mode: 'number' }).notNull(),
})

/** What the installation key did to workspaces. In none of them: what is said of one that is gone must outlive it. */
export const installationEvents = pgTable('installation_events', {
  id: text('id').primaryKey(),
  ...eventColumns(),
})

/** Answers of tools that a curator keeps. */
export const samples = pgTable(
  'samples',
  {
    workspaceId: text('workspace_id').notNull(),
    toolId: text('tool_id').notNull(),
    name: text('name').notNull(),
    status: integer('status').notNull(),
    headers: json<Readonly<Record<string, string>>>('headers').notNull(),
    /** JSON text. */
    body: text('body').notNull(),
    arguments: json<Readonly<Record<string, unknown>>>('arguments').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.toolId, table.name] }),
    reference('samples_tool', [table.workspaceId, table.toolId], tools).onDelete('cascade'),
  ],
)

/** Answers that were shown in part, for who reads on. Its table is not logged: after a crash it is empty. */
export const continuations = pgTable(
  'continuations',
  {
    workspaceId: workspaceId(),
    /** SHA-256 of the handle, hex. */
    id: text('id').notNull(),
    callerId: text('caller_id').notNull(),
    keyId: text('key_id').notNull(),
    sealed: text('sealed').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    index('continuations_expires_at').on(table.expiresAt),
    index('continuations_caller').on(table.workspaceId, table.callerId, table.expiresAt),
  ],
)

/**
 * Calls that ended. What they name may be renamed or gone by now, so nothing is referred to, not even the workspace: who writes
 * them leaves out those of a workspace that is gone, and who deletes one deletes its calls.
 */
export const recordedCalls = pgTable(
  'recorded_calls',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    at: instant('at').notNull(),
    writtenAt: instant('written_at').notNull().defaultNow(),
    server: text('server').notNull(),
    tool: text('tool').notNull(),
    /** Null for a tool of our own. */
    toolId: text('tool_id'),
    operationVersion: text('operation_version'),
    specRevision: text('spec_revision'),
    callerId: text('caller_id').notNull(),
    caller: text('caller').notNull(),
    client: text('client').notNull(),
    clientVersion: text('client_version'),
    road: text<CallRoad>('road').notNull(),
    parent: text('parent'),
    outcome: text('outcome').notNull(),
    status: integer('status'),
    retries: integer('retries').notNull(),
    cache: text<CacheUse>('cache'),
    ms: doublePrecision('ms').notNull(),
    stages: json<Readonly<Record<string, number>>>('stages').notNull(),
    rawBytes: bigint('raw_bytes', { mode: 'number' }),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    rawTokens: integer('raw_tokens'),
    sentTokens: integer('sent_tokens'),
    isReckoned: boolean('is_reckoned').notNull(),
    traceId: text('trace_id'),
    /** Masked and redacted; null where its server does not record it. */
    arguments: text('arguments'),
    answer: text('answer'),
    answerType: text('answer_type'),
    isCut: boolean('is_cut').notNull().default(false),
    /** The arguments are not what was sent. */
    isRedacted: boolean('is_redacted').notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    index('recorded_calls_at').on(table.workspaceId, table.at, table.id),
    index('recorded_calls_written_at').on(table.writtenAt),
    // Most have none.
    index('recorded_calls_content')
      .on(table.workspaceId, table.writtenAt)
      .where(sql`${table.arguments} is not null or ${table.answer} is not null`),
  ],
)

/** How many calls were not recorded for want of room, as gateways told. */
export const droppedCalls = pgTable(
  'dropped_calls',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    at: instant('at').notNull().defaultNow(),
    calls: bigint('calls', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    index('dropped_calls_at').on(table.workspaceId, table.at),
  ],
)

/** How much of a limit was taken in the last window of time. Its table is not logged: after a crash the window begins anew. */
export const rateWindows = pgTable(
  'rate_windows',
  {
    workspaceId: workspaceId(),
    scope: text('scope').notNull(),
    window: bigint('window_number', { mode: 'number' }).notNull(),
    taken: bigint('taken', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.scope] })],
)

/** What a create answered, so that a repeated request is answered the same and creates nothing. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    workspaceId: workspaceId(),
    key: text('key').notNull(),
    /** SHA-256 of the request, hex. */
    requestHash: text('request_hash').notNull(),
    /** The answer may show a new key once: it is sealed as secrets are. */
    keyId: text('key_id').notNull(),
    sealed: text('sealed').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.key] })],
)

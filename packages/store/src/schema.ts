import type {
  ArgumentEdits,
  CallLimits,
  CallSteps,
  ChangeNote,
  CodeCalls,
  Coverage,
  Diagnostic,
  HoldPolicy,
  Issuer,
  IssuerRule,
  ManualSource,
  ProjectionOffer,
  Role,
  SecurityScheme,
  ServerModeSetting,
  TokenGrant,
  ToolCache,
  ToolHints,
  ToolResource,
  UpstreamPolicy,
} from '@sluice/contract'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  unique,
} from 'drizzle-orm/pg-core'
import { bytes, instant, json, text } from './columns.ts'

// The key of every row begins with its workspace, and so does every reference: a row cannot point into another
// workspace, whatever a query forgets (S59). Only the workspaces themselves and what was done to them stand above.

export const workspaces = pgTable('workspaces', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
})

/** For tables that hang on nothing but their workspace; the others are held there by their parent. */
export const workspaceId = () =>
  text('workspace_id')
    .notNull()
    .references(() => workspaces.id)

export const adminKeys = pgTable(
  'admin_keys',
  {
    workspaceId: workspaceId(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    role: text<Role>('role').notNull(),
    /** SHA-256 of the key, hex. */
    keyHash: text('key_hash').notNull().unique(),
    prefix: text('prefix').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    revokedAt: instant('revoked_at'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)

export const upstreams = pgTable(
  'upstreams',
  {
    workspaceId: workspaceId(),
    id: text('id').notNull(),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    baseUrl: text('base_url').notNull(),
    securitySchemes: json<Readonly<Record<string, SecurityScheme>>>('security_schemes').notNull(),
    allow: json<readonly string[]>('allow').notNull(),
    /** Which changes of enabled tools wait until somebody agrees. */
    holdChanges: text<HoldPolicy>('hold_changes').notNull().default('review'),
    /** An Overlay document, applied at each import. Null: none. */
    overlay: text('overlay'),
    responseFilter: text('response_filter'),
    steps: json<CallSteps>('steps').notNull().default({}),
    policy: json<UpstreamPolicy>('policy').notNull().default({}),
    /** Origins that references of its document may lead to. */
    externalRefs: json<readonly string[]>('external_refs').notNull().default([]),
    /** Where the document is fetched again; null where it came as a text, or by a URL that may hold a token. */
    refreshUrl: text('refresh_url'),
    /** Null: never by itself. */
    refreshMinutes: integer('refresh_minutes'),
    /** Whoever moves this on is the one that refreshes: once per installation. */
    refreshDueAt: instant('refresh_due_at'),
    refreshedAt: instant('refreshed_at'),
    /** What the last refresh came to, in words. */
    refreshOutcome: text('refresh_outcome'),
    refreshEtag: text('refresh_etag'),
    /** The secret that holds the headers its document is fetched with. */
    fetchSecretId: text('fetch_secret_id'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    unique('upstreams_slug').on(table.workspaceId, table.slug),
  ],
)

export const secrets = pgTable(
  'secrets',
  {
    workspaceId: workspaceId(),
    id: text('id').notNull(),
    keyId: text('key_id').notNull(),
    sealed: text('sealed').notNull(),
    /** Null for the secret of a credential; others are a resource of their own, named by people. */
    name: text('name'),
    /** Origins that may see it; a credential's secret has them there. */
    origins: json<readonly string[]>('origins').notNull().default([]),
    /** Until then somebody renews it, and others wait. */
    leasedUntil: instant('leased_until'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    unique('secrets_name').on(table.workspaceId, table.name),
  ],
)

export const credentials = pgTable(
  'credentials',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    upstreamId: text('upstream_id').notNull(),
    scheme: text('scheme').notNull(),
    subject: text('subject').notNull().default('shared'),
    origins: json<readonly string[]>('origins').notNull(),
    secretId: text('secret_id').notNull(),
    /** Null: as the upstream's document declares the scheme. */
    placement: json<SecurityScheme>('placement'),
    /** Null: the secret itself is presented. */
    tokenGrant: json<TokenGrant>('token_grant'),
    /** Ids of the secrets that custom headers name, by name. */
    parts: json<Readonly<Record<string, string>>>('parts').notNull().default({}),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    unique('credentials_scheme').on(table.workspaceId, table.upstreamId, table.scheme, table.subject),
    reference('credentials_upstream', [table.workspaceId, table.upstreamId], upstreams).onDelete('cascade'),
    reference('credentials_secret', [table.workspaceId, table.secretId], secrets),
  ],
)

export const specRevisions = pgTable(
  'spec_revisions',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    upstreamId: text('upstream_id').notNull(),
    sourceUrl: text('source_url'),
    received: bytes('received').notNull(),
    /** SHA-256 of the bytes as received, hex. */
    contentHash: text('content_hash').notNull(),
    declaredVersion: text('declared_version').notNull(),
    diagnostics: json<readonly Diagnostic[]>('diagnostics').notNull(),
    coverage: json<Coverage>('coverage').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    index('spec_revisions_latest').on(table.workspaceId, table.upstreamId, table.createdAt),
    reference('spec_revisions_upstream', [table.workspaceId, table.upstreamId], upstreams).onDelete('cascade'),
  ],
)

export const operations = pgTable(
  'operations',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    upstreamId: text('upstream_id').notNull(),
    method: text('method').notNull(),
    path: text('path').notNull(),
    origin: text<'spec' | 'manual'>('origin').notNull(),
    /** As the document has it. */
    operationId: text('operation_id'),
    removedAt: instant('removed_at'),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    // A manual operation may stand beside the document's own.
    unique('operations_path').on(table.workspaceId, table.upstreamId, table.origin, table.method, table.path),
    reference('operations_upstream', [table.workspaceId, table.upstreamId], upstreams).onDelete('cascade'),
  ],
)

/** Immutable: rows are inserted and read, never updated. */
export const operationVersions = pgTable(
  'operation_versions',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    operationId: text('operation_id').notNull(),
    contentHash: text('content_hash').notNull(),
    /** Null for a manual operation. */
    specRevisionId: text('spec_revision_id'),
    /** The definition's own title, out of its text so that a list of tools needs no definitions. */
    title: text('title').notNull(),
    /** An `OperationDefinition`, packed; rows of earlier releases hold its JSON text. */
    definition: bytes('definition').notNull(),
    tokens: integer('tokens').notNull(),
    tags: json<readonly string[]>('tags').notNull(),
    /** What somebody described, so that it can be described again elsewhere. Null for a document's operation. */
    manual: json<ManualSource>('manual'),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    unique('operation_versions_content').on(table.workspaceId, table.operationId, table.contentHash),
    reference('operation_versions_operation', [table.workspaceId, table.operationId], operations).onDelete('cascade'),
    reference('operation_versions_spec_revision', [table.workspaceId, table.specRevisionId], specRevisions),
  ],
)

export const tools = pgTable(
  'tools',
  {
    workspaceId: text('workspace_id').notNull(),
    id: text('id').notNull(),
    upstreamId: text('upstream_id').notNull(),
    operationId: text('operation_id').notNull(),
    /** The version that is served. */
    operationVersionId: text('operation_version_id').notNull(),
    /** A newer version that somebody must agree to, and why. */
    pendingVersionId: text('pending_version_id'),
    pendingNote: json<ChangeNote>('pending_note'),
    name: text('name').notNull(),
    /** Null: as the definition says. */
    title: text('title'),
    /** Null: as the definition says. */
    description: text('description'),
    enabled: boolean('enabled').notNull(),
    argumentEdits: json<ArgumentEdits>('argument_edits').notNull().default({}),
    /** Null: as the definition says. */
    tags: json<readonly string[]>('tags'),
    responseFilter: text('response_filter'),
    steps: json<CallSteps>('steps').notNull().default({}),
    /** Null: answers are not kept. */
    cache: json<ToolCache>('cache'),
    projection: text<ProjectionOffer>('projection').notNull().default('auto'),
    structuredContent: boolean('structured_content').notNull().default(false),
    /** Null: as the method and the document say. */
    annotations: json<ToolHints>('annotations'),
    /** Null: no resource. */
    resource: json<ToolResource>('resource'),
    /** When an answer was first more than a result may cost. */
    largeAnswerAt: instant('large_answer_at'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    unique('tools_name').on(table.workspaceId, table.upstreamId, table.name),
    index('tools_operation').on(table.workspaceId, table.operationId),
    index('tools_operation_version').on(table.workspaceId, table.operationVersionId),
    reference('tools_upstream', [table.workspaceId, table.upstreamId], upstreams).onDelete('cascade'),
    reference('tools_operation', [table.workspaceId, table.operationId], operations).onDelete('cascade'),
    reference('tools_operation_version', [table.workspaceId, table.operationVersionId], operationVersions),
    reference('tools_pending_version', [table.workspaceId, table.pendingVersionId], operationVersions),
  ],
)

export const servers = pgTable(
  'servers',
  {
    workspaceId: workspaceId(),
    id: text('id').notNull(),
    /** Unique in the installation: it stands in the URL. */
    slug: text('slug').notNull().unique(),
    name: text('name').notNull(),
    mode: text<ServerModeSetting>('mode').notNull().default('auto'),
    codeCalls: text<CodeCalls>('code_calls').notNull().default('read-only'),
    recordContent: boolean('record_content').notNull().default(false),
    instructions: text('instructions').notNull().default(''),
    /** Null: none. */
    limits: json<CallLimits>('limits'),
    revision: bigint('revision', { mode: 'number' }).notNull().default(0),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)

export const serverTools = pgTable(
  'server_tools',
  {
    workspaceId: text('workspace_id').notNull(),
    serverId: text('server_id').notNull(),
    toolId: text('tool_id').notNull(),
    /** Null: the tool's own name. */
    alias: text('alias'),
    unlisted: boolean('unlisted').notNull().default(false),
    pinned: boolean('pinned').notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.serverId, table.toolId] }),
    index('server_tools_tool').on(table.workspaceId, table.toolId),
    reference('server_tools_server', [table.workspaceId, table.serverId], servers).onDelete('cascade'),
    reference('server_tools_tool', [table.workspaceId, table.toolId], tools).onDelete('cascade'),
  ],
)

export const accessKeys = pgTable(
  'access_keys',
  {
    workspaceId: workspaceId(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    /** SHA-256 of the key, hex. */
    keyHash: text('key_hash').notNull().unique(),
    prefix: text('prefix').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
    /** Null: every tool; with `tags` too, either is enough. */
    toolIds: json<readonly string[]>('tool_ids'),
    tags: json<readonly string[]>('tags'),
    readOnly: boolean('read_only').notNull().default(false),
    /** Null: none. */
    limits: json<CallLimits>('limits'),
    lastUsedAt: instant('last_used_at'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)

export const accessKeyServers = pgTable(
  'access_key_servers',
  {
    workspaceId: text('workspace_id').notNull(),
    accessKeyId: text('access_key_id').notNull(),
    serverId: text('server_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.accessKeyId, table.serverId] }),
    index('access_key_servers_server').on(table.workspaceId, table.serverId),
    reference('access_key_servers_access_key', [table.workspaceId, table.accessKeyId], accessKeys).onDelete('cascade'),
    reference('access_key_servers_server', [table.workspaceId, table.serverId], servers).onDelete('cascade'),
  ],
)

export const issuers = pgTable(
  'issuers',
  {
    workspaceId: workspaceId(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    /** As `iss` in its tokens has it. */
    issuer: text('issuer').notNull(),
    /** Null: where its metadata says. */
    jwksUri: text('jwks_uri'),
    audiences: json<readonly string[]>('audiences').notNull(),
    algorithms: json<Issuer['algorithms']>('algorithms').notNull(),
    rules: json<readonly IssuerRule[]>('rules').notNull(),
    allow: json<readonly string[]>('allow').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.id] })],
)

export const issuerServers = pgTable(
  'issuer_servers',
  {
    workspaceId: text('workspace_id').notNull(),
    issuerId: text('issuer_id').notNull(),
    serverId: text('server_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.issuerId, table.serverId] }),
    index('issuer_servers_server').on(table.workspaceId, table.serverId),
    reference('issuer_servers_issuer', [table.workspaceId, table.issuerId], issuers).onDelete('cascade'),
    reference('issuer_servers_server', [table.workspaceId, table.serverId], servers).onDelete('cascade'),
  ],
)

export function reference(
  name: string,
  columns: [AnyPgColumn, AnyPgColumn],
  parent: { workspaceId: AnyPgColumn; id: AnyPgColumn },
) {
  return foreignKey({ name, columns, foreignColumns: [parent.workspaceId, parent.id] })
}

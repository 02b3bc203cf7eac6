import type { Composite, PromptContent } from '@sluice/contract'
import { foreignKey, integer, pgTable, primaryKey, unique } from 'drizzle-orm/pg-core'
import { instant, json, text } from './columns.ts'
import { reference, servers } from './schema.ts'

// What a server offers beside tools.

export const resources = pgTable(
  'resources',
  {
    workspaceId: text('workspace_id').notNull(),
    serverId: text('server_id').notNull(),
    name: text('name').notNull(),
    uri: text('uri').notNull(),
    title: text('title'),
    description: text('description'),
    mimeType: text('mime_type').notNull(),
    /** Whether `body` is a text, or bytes as base64. */
    form: text<'text' | 'blob'>('form').notNull(),
    body: text('body').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.serverId, table.name] }),
    unique('resources_uri').on(table.workspaceId, table.serverId, table.uri),
    reference('resources_server', [table.workspaceId, table.serverId], servers).onDelete('cascade'),
  ],
)

export const prompts = pgTable(
  'prompts',
  {
    workspaceId: text('workspace_id').notNull(),
    serverId: text('server_id').notNull(),
    name: text('name').notNull(),
    /** The version that clients get. */
    currentVersion: integer('current_version').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.serverId, table.name] }),
    reference('prompts_server', [table.workspaceId, table.serverId], servers).onDelete('cascade'),
  ],
)

/** Immutable: rows are inserted and read, never updated. */
export const promptVersions = pgTable(
  'prompt_versions',
  {
    workspaceId: text('workspace_id').notNull(),
    serverId: text('server_id').notNull(),
    name: text('name').notNull(),
    version: integer('version').notNull(),
    content: json<PromptContent>('content').notNull(),
    /** An AdminKey's id. */
    actor: text('actor').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.serverId, table.name, table.version] }),
    foreignKey({
      name: 'prompt_versions_prompt',
      columns: [table.workspaceId, table.serverId, table.name],
      foreignColumns: [prompts.workspaceId, prompts.serverId, prompts.name],
    }).onDelete('cascade'),
  ],
)

export const composites = pgTable(
  'composites',
  {
    workspaceId: text('workspace_id').notNull(),
    serverId: text('server_id').notNull(),
    name: text('name').notNull(),
    id: text('id').notNull(),
    /** All else that its curator says of it. */
    content: json<Omit<Composite, 'id' | 'name' | 'updatedAt'>>('content').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.serverId, table.name] }),
    reference('composites_server', [table.workspaceId, table.serverId], servers).onDelete('cascade'),
  ],
)

import type { Composite, PromptContent } from '@sluice/contract'
import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { isUnset, refersTo } from './conditions.ts'
import type { Database } from './database.ts'
import { documentForm } from './document-form.ts'
import type { Store } from './open-store.ts'
import { receivedStart } from './received-bytes.ts'
import {
  credentials,
  issuerServers,
  issuers,
  operations,
  operationVersions,
  secrets,
  servers,
  serverTools,
  specRevisions,
  tools,
  upstreams,
} from './schema.ts'
import { composites, prompts, promptVersions, resources } from './schema-offers.ts'
import { isCurrent } from './server-offers.ts'
import { readSnapshot } from './transact.ts'

type Rows<T extends (db: Database, workspaceId: string) => Promise<unknown>> = Awaited<ReturnType<T>>

/** All that people set in a workspace, but for keys, secrets and documents themselves. */
export interface WorkspaceRows {
  readonly upstreams: Rows<typeof selectUpstreams>
  /** Of documents that were imported last, by upstream. */
  readonly documents: Rows<typeof selectDocuments>
  readonly tools: Rows<typeof selectTools>
  readonly credentials: Rows<typeof selectCredentials>
  /** Those that have a name. */
  readonly secrets: Rows<typeof selectSecrets>
  readonly servers: Rows<typeof selectServers>
  readonly serverTools: Rows<typeof selectServerTools>
  readonly resources: Rows<typeof selectResources>
  readonly prompts: Rows<typeof selectPrompts>
  readonly composites: Rows<typeof selectComposites>
  readonly issuers: Rows<typeof selectIssuers>
}

/** Reads a workspace in one state of it. Within `inTransaction` that is the state so far. */
export function readWorkspace(store: Store, workspaceId: string): Promise<WorkspaceRows> {
  return readSnapshot(store, async (tx) => ({
    upstreams: await selectUpstreams(tx, workspaceId),
    documents: await selectDocuments(tx, workspaceId),
    tools: await selectTools(tx, workspaceId),
    credentials: await selectCredentials(tx, workspaceId),
    secrets: await selectSecrets(tx, workspaceId),
    servers: await selectServers(tx, workspaceId),
    serverTools: await selectServerTools(tx, workspaceId),
    resources: await selectResources(tx, workspaceId),
    prompts: await selectPrompts(tx, workspaceId),
    composites: await selectComposites(tx, workspaceId),
    issuers: await selectIssuers(tx, workspaceId),
  }))
}

function selectUpstreams(db: Database, workspaceId: string) {
  const { id, slug, name, baseUrl, allow, holdChanges, overlay, responseFilter, steps, policy } = upstreams
  const { externalRefs, refreshUrl, refreshMinutes, fetchSecretId } = upstreams
  const about = { id, slug, name, baseUrl, allow, holdChanges, overlay, responseFilter, steps, policy }
  return db
    .select({
      ...about,
      externalRefs,
      refreshUrl,
      refreshMinutes,
      fetchSecretId,
      isFetchUnset: sql<boolean>`coalesce(${isUnset(secrets.sealed)}, false)`,
    })
    .from(upstreams)
    .leftJoin(secrets, refersTo(upstreams, fetchSecretId, secrets))
    .where(eq(upstreams.workspaceId, workspaceId))
    .orderBy(slug)
}

async function selectDocuments(db: Database, workspaceId: string) {
  const { id, upstreamId, sourceUrl, contentHash, received } = specRevisions
  // By the first bytes: documents may have many megabytes.
  const start = sql`substring(${received} from 1 for 1024)`.mapWith(received)
  const rows = await db
    .selectDistinctOn([upstreamId], { id, upstreamId, sourceUrl, contentHash, start })
    .from(specRevisions)
    .where(eq(specRevisions.workspaceId, workspaceId))
    .orderBy(upstreamId, desc(specRevisions.createdAt), desc(id))
  return rows.map(({ start, ...row }) => ({
    ...row,
    form: documentForm(receivedStart(start)),
  }))
}

/** The oldest of an operation first. Those whose operation is gone from the document are not there. */
function selectTools(db: Database, workspaceId: string) {
  const { id, upstreamId, operationId, name, title, description, enabled, argumentEdits, tags, responseFilter } = tools
  const { steps, cache, projection, structuredContent, annotations, resource } = tools
  const edits = { title, description, tags, responseFilter, steps, cache, projection, structuredContent, annotations }
  const { method, path, origin } = operations
  return db
    .select({
      id,
      upstreamId,
      operationId,
      name,
      enabled,
      argumentEdits,
      ...edits,
      resource,
      method,
      path,
      origin,
      manual: operationVersions.manual,
      isWaiting: sql<boolean>`${tools.pendingVersionId} is not null`,
      isLarge: sql<boolean>`${tools.largeAnswerAt} is not null`,
    })
    .from(tools)
    .innerJoin(operations, refersTo(tools, operationId, operations))
    .innerJoin(operationVersions, refersTo(tools, tools.operationVersionId, operationVersions))
    .where(and(eq(tools.workspaceId, workspaceId), isNull(operations.removedAt)))
    .orderBy(id)
}

function selectCredentials(db: Database, workspaceId: string) {
  const { id, upstreamId, scheme, origins, placement, tokenGrant, parts } = credentials
  return db
    .select({ id, upstreamId, scheme, origins, placement, tokenGrant, parts, isUnset: isUnset(secrets.sealed) })
    .from(credentials)
    .innerJoin(secrets, refersTo(credentials, credentials.secretId, secrets))
    .where(and(eq(credentials.workspaceId, workspaceId), eq(credentials.subject, 'shared')))
    .orderBy(scheme)
}

function selectSecrets(db: Database, workspaceId: string) {
  const { id, name, origins, sealed } = secrets
  return db
    .select({ id, name: sql<string>`${name}`, origins, isUnset: isUnset(sealed) })
    .from(secrets)
    .where(and(eq(secrets.workspaceId, workspaceId), isNotNull(name)))
    .orderBy(name)
}

function selectServers(db: Database, workspaceId: string) {
  const { id, slug, name, mode, codeCalls, recordContent, instructions, limits } = servers
  return db
    .select({ id, slug, name, mode, codeCalls, recordContent, instructions, limits })
    .from(servers)
    .where(eq(servers.workspaceId, workspaceId))
    .orderBy(slug)
}

function selectServerTools(db: Database, workspaceId: string) {
  const { serverId, toolId, alias, unlisted, pinned } = serverTools
  return db
    .select({ serverId, toolId, alias, unlisted, pinned })
    .from(serverTools)
    .where(eq(serverTools.workspaceId, workspaceId))
}

function selectResources(db: Database, workspaceId: string) {
  const { serverId, name, uri, title, description, mimeType, form, body } = resources
  return db
    .select({ serverId, name, uri, title, description, mimeType, form, body })
    .from(resources)
    .where(eq(resources.workspaceId, workspaceId))
}

async function selectPrompts(db: Database, workspaceId: string) {
  return db
    .select({ serverId: prompts.serverId, name: prompts.name, content: sql<PromptContent>`${promptVersions.content}` })
    .from(prompts)
    .innerJoin(promptVersions, isCurrent)
    .where(eq(prompts.workspaceId, workspaceId))
}

async function selectComposites(db: Database, workspaceId: string) {
  const { serverId, name, content } = composites
  return db
    .select({ serverId, name, content: sql<Omit<Composite, 'id' | 'name' | 'updatedAt'>>`${content}` })
    .from(composites)
    .where(eq(composites.workspaceId, workspaceId))
}

function selectIssuers(db: Database, workspaceId: string) {
  const { id, name, issuer, jwksUri, audiences, algorithms, rules, allow } = issuers
  const itsServers = sql<
    string[]
  >`coalesce(array_agg(${issuerServers.serverId}) filter (where ${issuerServers.serverId} is not null), '{}')`
  return db
    .select({ id, name, issuer, jwksUri, audiences, algorithms, rules, allow, serverIds: itsServers })
    .from(issuers)
    .leftJoin(issuerServers, refersTo(issuerServers, issuerServers.issuerId, issuers))
    .where(eq(issuers.workspaceId, workspaceId))
    .groupBy(issuers.workspaceId, id)
    .orderBy(name, id)
}

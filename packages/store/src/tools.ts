import {
  type ArgumentEdits,
  type CallSteps,
  OWN_TOOL_NAMES,
  type PageOf,
  type PageRequest,
  Problem,
  plainName,
  type Tool,
  type ToolChoice,
  type ToolResource,
  type UpdateTool,
} from '@sluice/contract'
import { and, eq, isNotNull, isNull, ne, sql } from 'drizzle-orm'
import { recordAudit } from './audit-events.ts'
import { among, holds, is, isRow, refersTo, subquery } from './conditions.ts'
import type { Database } from './database.ts'
import type { Store } from './open-store.ts'
import { type PagePlan, planPage } from './page.ts'
import { isSameName } from './plain-name.ts'
import { bumpRevisions } from './revisions.ts'
import { operations, operationVersions, secrets, servers, serverTools, tools, upstreams } from './schema.ts'
import { transact } from './transact.ts'
import { unknownFaults } from './unknown-faults.ts'
import type { Changing } from './writing.ts'

/** A tool with what only one of them is read for. */
export interface StoredTool extends Tool {
  /** Null: as the definition says. */
  readonly ownTitle: string | null
  readonly ownDescription: string | null
  readonly ownTags: readonly string[] | null
  readonly argumentEdits: ArgumentEdits
  /** An `OperationDefinition`, packed. */
  readonly definition: Uint8Array
  /** Of its upstream, before its own. */
  readonly upstreamFilter: string | null
  readonly upstreamSteps: CallSteps
  /** Slugs. */
  readonly servers: readonly string[]
}

export async function listTools(
  store: Store,
  workspaceId: string,
  request: PageRequest & ToolChoice,
): Promise<PageOf<Tool>> {
  const page = planTools(request)
  const rows = await selectTools(store.db)
    .where(and(choice(workspaceId, request), page.where))
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, toTool)
}

export function findTool(store: Store, workspaceId: string, id: string): Promise<StoredTool | undefined> {
  return readTool(store.db, workspaceId, id)
}

/** A change as it is written: a resource has its URI. */
export type ToolChange = Omit<UpdateTool, 'resource'> & { readonly resource?: ToolResource | null }

/**
 * Changes a tool by hand. Undefined where the workspace has no such tool.
 *
 * @throws Problem `conflict` when a tool is to be enabled whose operation is no longer in the spec, or for a name that is taken;
 * `invalid-request` for a secret that is not there.
 */
export function updateTool(
  store: Store,
  request: Changing<StoredTool> & { readonly id: string; readonly change: ToolChange },
): Promise<StoredTool | undefined> {
  const { workspaceId, actor, id, change } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await readTool(tx, workspaceId, id)
    if (!current) return undefined
    request.check?.(current)
    if (change.enabled && current.removed) {
      const detail = 'The operation behind this tool is no longer in the spec.'
      const fix = 'Import a document that has it, or make the tool anew as a manual one.'
      throw new Problem('conflict', { detail, errors: [{ pointer: '/enabled', detail, fix }] })
    }
    if (change.name !== undefined && change.name !== current.name)
      await refuseTakenName(tx, current, change.name, workspaceId)
    await refuseMissingSecrets(tx, workspaceId, change.arguments)
    const { arguments: argumentEdits, ...rest } = change
    const values = { ...rest, ...(argumentEdits ? { argumentEdits } : {}) }
    await tx
      .update(tools)
      .set({ ...values, updatedAt: new Date() })
      .where(isRow(tools, workspaceId, id))
    const before = Object.fromEntries(Object.keys(change).map((key) => [key, OWN[key as keyof UpdateTool](current)]))
    await recordAudit(tx, { workspaceId, actor, action: 'tool.update', target: id, before, after: change })
    await bumpRevisions(tx, workspaceId, await serversOfTools(tx, workspaceId, [id]))
    return readTool(tx, workspaceId, id)
  })
}

/** What a tool says of itself, where it says anything. */
const OWN: Readonly<Record<keyof UpdateTool, (tool: StoredTool) => unknown>> = {
  name: (tool) => tool.name,
  title: (tool) => tool.ownTitle,
  description: (tool) => tool.ownDescription,
  tags: (tool) => tool.ownTags,
  enabled: (tool) => tool.enabled,
  arguments: (tool) => tool.argumentEdits,
  responseFilter: (tool) => tool.responseFilter,
  steps: (tool) => tool.steps,
  cache: (tool) => tool.cache,
  projection: (tool) => tool.projection,
  structuredContent: (tool) => tool.structuredContent,
  annotations: (tool) => tool.annotations,
  resource: (tool) => tool.resource,
}

/** @throws Problem `conflict` where another tool has the name, in its upstream or on a server of both, or it is one of ours */
export async function refuseTakenName(
  tx: Database,
  tool: { readonly id: string; readonly upstream: string },
  name: string,
  workspaceId: string,
): Promise<void> {
  if (OWN_TOOL_NAMES.includes(plainName(name)))
    throw taken(`"${name}" is a tool of Sluice itself.`, 'Choose another name.')
  const [inUpstream] = await tx
    .select({ id: tools.id, name: tools.name })
    .from(tools)
    .innerJoin(upstreams, refersTo(tools, tools.upstreamId, upstreams))
    .where(
      and(
        eq(tools.workspaceId, workspaceId),
        eq(upstreams.slug, tool.upstream),
        isSameName(tools.name, name),
        ne(tools.id, tool.id),
      ),
    )
  if (inUpstream)
    throw taken(
      `The upstream "${tool.upstream}" has a tool "${inUpstream.name}" already${sameTo(name, inUpstream.name)}.`,
      `Choose another name, or rename that one first: it is ${inUpstream.id}.`,
    )
  const [onServer] = await tx
    .execute<{ slug: string; name: string }>(sql`
    select ${servers.slug} as slug, coalesce(other.alias, ${tools.name}) as name from ${serverTools} as mine
    join ${serverTools} as other on other.workspace_id = mine.workspace_id and other.server_id = mine.server_id
    join ${tools} on ${tools.workspaceId} = other.workspace_id and ${tools.id} = other.tool_id
    join ${servers} on ${servers.workspaceId} = other.workspace_id and ${servers.id} = other.server_id
    where mine.workspace_id = ${workspaceId} and mine.tool_id = ${tool.id} and mine.alias is null
      and other.tool_id <> ${tool.id} and ${isSameName(sql`coalesce(other.alias, ${tools.name})`, name)} limit 1`)
    .then(({ rows }) => rows)
  if (onServer)
    throw taken(
      `The server "${onServer.slug}" has another tool "${onServer.name}"${sameTo(name, onServer.name)}.`,
      'Give one of them an alias there first.',
    )
}

/** Where two names are not the same to everyone. */
export function sameTo(name: string, other: string): string {
  return name === other ? '' : `, which some clients cannot tell from "${name}"`
}

function taken(detail: string, fix: string): Problem {
  return new Problem('conflict', { detail, errors: [{ pointer: '/name', detail, fix }] })
}

/** RFC 6901 3 */
function pointerToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** @throws Problem `invalid-request` with a pointer to each secret that the workspace does not have */
export async function refuseMissingSecrets(
  tx: Database,
  workspaceId: string,
  edits: ArgumentEdits | undefined,
): Promise<void> {
  const wanted = Object.entries(edits ?? {}).flatMap(([name, edit]) =>
    'secret' in edit ? [{ name, id: edit.secret }] : [],
  )
  if (wanted.length === 0) return
  const found = await tx
    .select({ id: secrets.id })
    .from(secrets)
    .where(
      and(
        eq(secrets.workspaceId, workspaceId),
        isNotNull(secrets.name),
        among(
          secrets.id,
          wanted.map(({ id }) => id),
        ),
      ),
    )
  const known = new Set(found.map(({ id }) => id))
  const unknown = wanted
    .filter(({ id }) => !known.has(id))
    .map(({ name, id }) => ({ name: id, pointer: `/arguments/${pointerToken(name)}/secret` }))
  const errors = await unknownFaults(tx, workspaceId, 'secret', unknown)
  if (errors.length > 0) throw new Problem('invalid-request', { detail: errors[0]!.detail, errors })
}

/** @throws Problem `invalid-request` with a pointer below `/tools` to each that the workspace does not have */
export async function refuseMissingTools(
  tx: Database,
  workspaceId: string,
  ids: readonly string[],
  within = '',
): Promise<void> {
  const rows = await tx
    .select({ id: tools.id })
    .from(tools)
    .where(and(eq(tools.workspaceId, workspaceId), among(tools.id, ids)))
  const known = new Set(rows.map((row) => row.id))
  const unknown = ids.flatMap((name, index) => (known.has(name) ? [] : [{ name, pointer: `${within}/tools/${index}` }]))
  const errors = await unknownFaults(tx, workspaceId, 'tool', unknown)
  if (errors.length > 0) throw new Problem('invalid-request', { detail: errors[0]!.detail, errors })
}

/** The servers that have one of the tools. */
export async function serversOfTools(tx: Database, workspaceId: string, toolIds: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectDistinct({ id: serverTools.serverId })
    .from(serverTools)
    .where(and(eq(serverTools.workspaceId, workspaceId), among(serverTools.toolId, toolIds)))
  return rows.map((row) => row.id)
}

const title = sql<string>`coalesce(${tools.title}, ${operationVersions.title})`
const tags = sql<string[]>`coalesce(${tools.tags}, ${operationVersions.tags})`

/** What every list of tools has in its rows. */
export const TOOL_COLUMNS = {
  id: tools.id,
  upstream: upstreams.slug,
  name: tools.name,
  title,
  kind: sql<Tool['kind']>`case ${operations.origin} when 'manual' then 'manual' else 'operation' end`,
  operation: tools.operationId,
  method: operations.method,
  path: operations.path,
  tags,
  tokens: operationVersions.tokens,
  enabled: tools.enabled,
  removed: sql<boolean>`${operations.removedAt} is not null`,
  responseFilter: tools.responseFilter,
  steps: tools.steps,
  cache: tools.cache,
  projection: tools.projection,
  structuredContent: tools.structuredContent,
  annotations: tools.annotations,
  resource: tools.resource,
  largeAnswers: sql<boolean>`${tools.largeAnswerAt} is not null`,
  pending: sql<Tool['pending']>`case when ${tools.pendingVersionId} is not null then
    coalesce(${tools.pendingNote}, '{"risk": "review", "what": [], "details": []}'::jsonb) || jsonb_build_object('version', ${tools.pendingVersionId}) end`,
  updatedAt: tools.updatedAt,
}

/** Tools as lists have them. */
export function selectTools(db: Database) {
  return db
    .select(TOOL_COLUMNS)
    .from(tools)
    .innerJoin(upstreams, refersTo(tools, tools.upstreamId, upstreams))
    .innerJoin(operations, refersTo(tools, tools.operationId, operations))
    .innerJoin(operationVersions, refersTo(tools, tools.operationVersionId, operationVersions))
}

export type ToolRow = Awaited<ReturnType<typeof selectTools>>[number]

export function toTool<T extends ToolRow>({ updatedAt, ...row }: T): Omit<T, 'updatedAt'> & { updatedAt: string } {
  return { ...row, updatedAt: updatedAt.toISOString() }
}

/** How lists of tools are sorted and cut; on a server, `name` is the one it has there. */
export function planTools<R extends ToolRow>(request: PageRequest, name = sql`${tools.name}`): PagePlan<R> {
  return planPage<R>(
    request,
    {
      name: { by: name, type: 'text', of: (row) => row.name },
      path: operations.path,
      tokens: operationVersions.tokens,
      updatedAt: tools.updatedAt,
    },
    tools.id,
  )
}

/** The condition of a filter: what a list shows is what a change of many concerns. */
export function choice(workspaceId: string, filter: ToolChoice) {
  const { upstream, server, tag, method, enabled, pending, q } = filter
  const onServer = sql`exists (select from ${serverTools} join ${servers} on ${servers.workspaceId} = ${serverTools.workspaceId}
    and ${servers.id} = ${serverTools.serverId} where ${serverTools.workspaceId} = ${tools.workspaceId}
    and ${serverTools.toolId} = ${tools.id} and ${servers.slug} = ${server})`
  return and(
    eq(tools.workspaceId, workspaceId),
    is(upstreams.slug, upstream),
    server === undefined ? undefined : onServer,
    tag === undefined ? undefined : sql`${tags} @> ${JSON.stringify([tag])}::jsonb`,
    is(operations.method, method?.toUpperCase()),
    is(tools.enabled, enabled),
    pending === undefined ? undefined : (pending ? isNotNull : isNull)(tools.pendingVersionId),
    holds([tools.name, title, operations.path], q),
  )
}

/** `findTool` inside a transaction. */
export async function readTool(db: Database, workspaceId: string, id: string): Promise<StoredTool | undefined> {
  const [row] = await db
    .select({
      ...TOOL_COLUMNS,
      ownTitle: tools.title,
      ownDescription: tools.description,
      ownTags: tools.tags,
      argumentEdits: tools.argumentEdits,
      definition: operationVersions.definition,
      upstreamFilter: upstreams.responseFilter,
      upstreamSteps: upstreams.steps,
      servers: subquery<string[]>(sql`select coalesce(array_agg(${servers.slug} order by ${servers.slug}), '{}')
        from ${serverTools} join ${servers} on ${servers.workspaceId} = ${serverTools.workspaceId}
        and ${servers.id} = ${serverTools.serverId}
        where ${serverTools.workspaceId} = ${tools.workspaceId} and ${serverTools.toolId} = ${tools.id}`),
    })
    .from(tools)
    .innerJoin(upstreams, refersTo(tools, tools.upstreamId, upstreams))
    .innerJoin(operations, refersTo(tools, tools.operationId, operations))
    .innerJoin(operationVersions, refersTo(tools, tools.operationVersionId, operationVersions))
    .where(isRow(tools, workspaceId, id))
  return row && toTool(row)
}

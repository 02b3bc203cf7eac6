import {
  type AddServerTools,
  OWN_TOOL_NAMES,
  type PageOf,
  type PageRequest,
  Problem,
  plainName,
  type ServerTool,
  type ToolChoice,
  type UpdateServerTool,
} from '@sluice/contract'
import { and, eq, ne, sql } from 'drizzle-orm'
import { recordAudit } from './audit-events.ts'
import { among, refersTo } from './conditions.ts'
import type { Database } from './database.ts'
import type { Store } from './open-store.ts'
import { isSameName } from './plain-name.ts'
import { bumpRevisions } from './revisions.ts'
import { operations, operationVersions, servers, serverTools, tools, upstreams } from './schema.ts'
import { compositeNames, refuseOverpinned, serverIdOf } from './server-offers.ts'
import { choice, planTools, TOOL_COLUMNS, type ToolRow, toTool } from './tools.ts'
import { transact } from './transact.ts'
import { unknownFaults } from './unknown-faults.ts'
import type { Changing, Writing } from './writing.ts'

/** The tools of a server under the names they have there; disabled ones too. None where there is no such server. */
export async function listServerTools(
  store: Store,
  workspaceId: string,
  slug: string,
  request: PageRequest & Omit<ToolChoice, 'server'> = {},
): Promise<PageOf<ServerTool>> {
  const page = planTools<Row>(request, NAME)
  const rows = await select(store.db)
    .where(and(choice(workspaceId, request), eq(servers.slug, slug), page.where))
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, toTool)
}

/**
 * Puts tools on a server, all of them or none; one that is there already keeps its place.
 * @throws Problem `invalid-request` for a tool that is not there, `conflict` for a name that two would have
 */
export function addServerTools(
  store: Store,
  request: Writing & { readonly serverId: string; readonly tools: AddServerTools['tools'] },
): Promise<void> {
  const { workspaceId, actor, serverId } = request
  return transact(store, workspaceId, async (tx) => {
    const names = await namesOf(tx, workspaceId, request.tools)
    const present = await select(tx).where(and(eq(servers.workspaceId, workspaceId), eq(servers.id, serverId)))
    const there = new Set(present.map(({ id }) => id))
    const made = await compositeNames(tx, workspaceId, serverId)
    const taken = new Set([...OWN_TOOL_NAMES, ...made, ...present.map(({ name }) => name)].map(plainName))
    const added = request.tools.filter(({ id }) => !there.has(id))
    const errors = request.tools.flatMap(({ id, alias }, index) => {
      if (there.has(id)) return []
      const name = alias ?? names.get(id)!
      const isTaken = taken.has(plainName(name))
      taken.add(plainName(name))
      return isTaken ? [nameTaken(name, `/tools/${index}/alias`)] : []
    })
    if (errors.length > 0) throw new Problem('conflict', { detail: errors[0]!.detail, errors })
    if (added.length === 0) return
    await tx.insert(serverTools).values(
      added.map(({ id, alias = null, unlisted = false, pinned = false }) => {
        return { workspaceId, serverId, toolId: id, alias, unlisted, pinned }
      }),
    )
    await refuseOverpinned(tx, workspaceId, serverId)
    await recordAudit(tx, { workspaceId, actor, action: 'server-tool.add', target: serverId, after: { tools: added } })
    await bumpRevisions(tx, workspaceId, [serverId])
  })
}

export function findServerTool(store: Store, place: Place): Promise<ServerTool | undefined> {
  return findOne(store.db, place)
}

/** Undefined where the server does not have the tool. @throws Problem `conflict` for a name that is taken there */
export function updateServerTool(
  store: Store,
  request: Changing<ServerTool> & {
    readonly serverId: string
    readonly toolId: string
    readonly change: UpdateServerTool
  },
): Promise<ServerTool | undefined> {
  const { workspaceId, actor, serverId, toolId, change } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await findOne(tx, request)
    if (!current) return undefined
    request.check?.(current)
    await tx.update(serverTools).set(change).where(isPlace(request))
    const changed = (await findOne(tx, request))!
    const [other] = await select(tx)
      .where(and(eq(servers.id, serverId), isSameName(NAME, changed.name), sql`${tools.id} <> ${toolId}`))
      .limit(1)
    const made = await compositeNames(tx, workspaceId, serverId)
    const own = [...made, ...OWN_TOOL_NAMES].map(plainName)
    if (change.alias !== undefined && (other || own.includes(plainName(changed.name)))) {
      const error = nameTaken(changed.name, '/alias')
      throw new Problem('conflict', { detail: error.detail, errors: [error] })
    }
    if (change.pinned) await refuseOverpinned(tx, workspaceId, serverId)
    const { alias, unlisted, pinned } = current
    const event = { workspaceId, actor, action: 'server-tool.update' as const, target: serverId }
    await recordAudit(tx, {
      ...event,
      before: { tool: toolId, alias, unlisted, pinned },
      after: { tool: toolId, ...change },
    })
    await bumpRevisions(tx, workspaceId, [serverId])
    return changed
  })
}

/** Takes a tool off a server. False where it does not have it. */
export function removeServerTool(
  store: Store,
  request: Changing<ServerTool> & { readonly serverId: string; readonly toolId: string },
): Promise<boolean> {
  const { workspaceId, actor, serverId, toolId } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await findOne(tx, request)
    if (!current) return false
    request.check?.(current)
    await tx.delete(serverTools).where(isPlace(request))
    const event = { workspaceId, actor, action: 'server-tool.remove' as const, target: serverId }
    await recordAudit(tx, { ...event, before: { tool: toolId } })
    await bumpRevisions(tx, workspaceId, [serverId])
    return true
  })
}

function nameTaken(name: string, pointer: string) {
  const detail = `The server would have two tools "${name}", or two that some clients cannot tell apart.`
  return { pointer, detail, fix: 'Give one of them an alias.' }
}

async function namesOf(
  tx: Database,
  workspaceId: string,
  wanted: AddServerTools['tools'],
): Promise<ReadonlyMap<string, string>> {
  const ids = wanted.map(({ id }) => id)
  const rows = await tx
    .select({ id: tools.id, name: tools.name })
    .from(tools)
    .where(and(eq(tools.workspaceId, workspaceId), among(tools.id, ids)))
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  const unknown = ids.flatMap((name, index) => (names.has(name) ? [] : [{ name, pointer: `/tools/${index}/id` }]))
  const errors = await unknownFaults(tx, workspaceId, 'tool', unknown)
  if (errors.length > 0) throw new Problem('invalid-request', { detail: errors[0]!.detail, errors })
  return names
}

interface Place {
  readonly workspaceId: string
  readonly serverId: string
  readonly toolId: string
}

function isPlace({ workspaceId, serverId, toolId }: Place) {
  return and(
    eq(serverTools.workspaceId, workspaceId),
    eq(serverTools.serverId, serverId),
    eq(serverTools.toolId, toolId),
  )
}

async function findOne(tx: Database, place: Place): Promise<ServerTool | undefined> {
  const [row] = await select(tx).where(isPlace(place))
  return row && toTool(row)
}

const NAME = sql<string>`coalesce(${serverTools.alias}, ${tools.name})`

function select(db: Database) {
  const { alias, unlisted, pinned } = serverTools
  return db
    .select({ ...TOOL_COLUMNS, name: NAME, alias, unlisted, pinned })
    .from(serverTools)
    .innerJoin(servers, refersTo(serverTools, serverTools.serverId, servers))
    .innerJoin(tools, refersTo(serverTools, serverTools.toolId, tools))
    .innerJoin(upstreams, refersTo(tools, tools.upstreamId, upstreams))
    .innerJoin(operations, refersTo(tools, tools.operationId, operations))
    .innerJoin(operationVersions, refersTo(tools, tools.operationVersionId, operationVersions))
}

type Row = ToolRow & { readonly alias: string | null; readonly unlisted: boolean; readonly pinned: boolean }

/** The names that tools have on a server. */
export async function namesOfServer(tx: Database, workspaceId: string, serverId: string): Promise<string[]> {
  const rows = await select(tx).where(and(eq(servers.workspaceId, workspaceId), eq(servers.id, serverId)))
  return rows.map(({ name }) => name)
}

/** The names that tools of other upstreams, and composites, have on a server. */
export async function readNamesOnServer(
  store: Store,
  workspaceId: string,
  serverSlug: string,
  upstreamSlug: string,
): Promise<string[]> {
  const rows = await store.db
    .select({ name: sql<string>`coalesce(${serverTools.alias}, ${tools.name})` })
    .from(serverTools)
    .innerJoin(servers, refersTo(serverTools, serverTools.serverId, servers))
    .innerJoin(tools, refersTo(serverTools, serverTools.toolId, tools))
    .innerJoin(upstreams, refersTo(tools, tools.upstreamId, upstreams))
    .where(
      and(eq(serverTools.workspaceId, workspaceId), eq(servers.slug, serverSlug), ne(upstreams.slug, upstreamSlug)),
    )
  const serverId = await serverIdOf(store.db, workspaceId, serverSlug)
  const made = serverId === undefined ? [] : await compositeNames(store.db, workspaceId, serverId)
  return [...rows.map(({ name }) => name), ...made]
}

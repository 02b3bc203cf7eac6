import { Problem, type Tool, type UpdateTool } from '@sluice/contract'
import { and, eq, sql } from 'drizzle-orm'
import { recordAudit } from './audit.ts'
import { refersTo } from './conditions.ts'
import type { Database } from './database.ts'
import type { Store } from './open-store.ts'
import { bumpRevisions } from './revisions.ts'
import { operations, operationVersions, servers, serverTools, tools } from './schema.ts'
import { transact } from './transact.ts'

/** The tools of a server under the names they have there, by name; disabled ones too. None where there is no such server. */
export function listTools(store: Store, workspaceId: string, serverSlug: string): Promise<Tool[]> {
  const name = sql<string>`coalesce(${serverTools.alias}, ${tools.name})`
  return store.db
    .select({ ...toolFields, name })
    .from(servers)
    .innerJoin(serverTools, refersTo(serverTools, serverTools.serverId, servers))
    .innerJoin(tools, refersTo(serverTools, serverTools.toolId, tools))
    .innerJoin(operations, refersTo(tools, tools.operationId, operations))
    .innerJoin(operationVersions, refersTo(tools, tools.operationVersionId, operationVersions))
    .where(and(eq(servers.workspaceId, workspaceId), eq(servers.slug, serverSlug)))
    .orderBy(name)
}

/**
 * Changes a tool by hand; the answer bears the tool's own name. Undefined where the workspace has no such tool.
 *
 * @throws Problem `conflict` when a tool is to be enabled whose operation is no longer in the spec.
 */
export function updateTool(
  store: Store,
  request: { workspaceId: string; actor: string; id: string; change: UpdateTool },
): Promise<Tool | undefined> {
  const { workspaceId, actor, id } = request
  const { enabled, responseFilter } = request.change
  return transact(store, workspaceId, async (tx) => {
    const stored = await findTool(tx, workspaceId, id)
    if (!stored) return undefined
    const { removedAt, ...tool } = stored
    if (enabled && removedAt) {
      throw new Problem('conflict', { detail: 'The operation behind this tool is no longer in the spec.' })
    }
    const [after] = await tx
      .update(tools)
      .set({ enabled, responseFilter, updatedAt: new Date() })
      .where(and(eq(tools.workspaceId, workspaceId), eq(tools.id, id)))
      .returning({ enabled: tools.enabled, responseFilter: tools.responseFilter })

    const before = { enabled: tool.enabled, responseFilter: tool.responseFilter }
    await recordAudit(tx, { workspaceId, actor, action: 'tool.update', target: id, before, after })
    await bumpRevisions(tx, workspaceId, await serversOfTool(tx, workspaceId, id))
    return { ...tool, ...after }
  })
}

const toolFields = {
  id: tools.id,
  name: tools.name,
  title: sql<string>`coalesce(${tools.title}, ${operationVersions.title})`,
  method: operations.method,
  path: operations.path,
  tags: sql<string[]>`${operationVersions.tags}`,
  tokens: operationVersions.tokens,
  enabled: tools.enabled,
  responseFilter: tools.responseFilter,
}

async function findTool(tx: Database, workspaceId: string, id: string) {
  const [tool] = await tx
    .select({ ...toolFields, removedAt: operations.removedAt })
    .from(tools)
    .innerJoin(operations, refersTo(tools, tools.operationId, operations))
    .innerJoin(operationVersions, refersTo(tools, tools.operationVersionId, operationVersions))
    .where(and(eq(tools.workspaceId, workspaceId), eq(tools.id, id)))
  return tool
}

async function serversOfTool(tx: Database, workspaceId: string, toolId: string): Promise<string[]> {
  const rows = await tx
    .select({ id: serverTools.serverId })
    .from(serverTools)
    .where(and(eq(serverTools.workspaceId, workspaceId), eq(serverTools.toolId, toolId)))
  return rows.map((row) => row.id)
}

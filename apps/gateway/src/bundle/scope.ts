import { Problem } from '@sluice/contract'
import type { WorkspaceRows } from '@sluice/store'

/** What a bundle is of. */
export type Scope = 'workspace' | { readonly server: string }

/** Only what one server needs: the upstreams of its tools with all their tools, their secrets, and issuers for it alone. */
export function within(rows: WorkspaceRows, scope: Scope): WorkspaceRows {
  if (scope === 'workspace') return rows
  const servers = rows.servers.filter(({ slug }) => slug === scope.server)
  const [server] = servers
  if (!server) throw new Problem('not-found', { detail: 'There is no such server.' })
  const ofServer = <T extends { readonly serverId: string }>(all: readonly T[]) =>
    all.filter(({ serverId }) => serverId === server.id)
  const serverTools = ofServer(rows.serverTools)
  const placed = new Set(serverTools.map(({ toolId }) => toolId))
  const used = new Set(rows.tools.filter(({ id }) => placed.has(id)).map(({ upstreamId }) => upstreamId))
  const ofUpstreams = <T extends { readonly upstreamId: string }>(all: readonly T[]) =>
    all.filter(({ upstreamId }) => used.has(upstreamId))
  const [tools, credentials] = [ofUpstreams(rows.tools), ofUpstreams(rows.credentials)]
  const toolIds = new Set(tools.map(({ id }) => id))
  const secretIds = new Set([
    ...tools.flatMap(({ argumentEdits }) =>
      Object.values(argumentEdits).flatMap((edit) => ('secret' in edit ? [edit.secret] : [])),
    ),
    ...credentials.flatMap(({ parts }) => Object.values(parts)),
  ])
  return {
    upstreams: rows.upstreams.filter(({ id }) => used.has(id)),
    documents: ofUpstreams(rows.documents),
    tools,
    credentials,
    secrets: rows.secrets.filter(({ id }) => secretIds.has(id)),
    servers,
    serverTools,
    resources: ofServer(rows.resources),
    prompts: ofServer(rows.prompts),
    composites: ofServer(rows.composites),
    // One that opens other servers, too, would open this one alone where it is applied.
    issuers: rows.issuers.filter(
      ({ serverIds, rules }) =>
        serverIds.length === 1 &&
        serverIds[0] === server.id &&
        rules.every(({ rights }) => (rights?.tools ?? []).every((id) => toolIds.has(id))),
    ),
  }
}

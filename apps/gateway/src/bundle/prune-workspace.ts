import type { WorkspaceRows } from '@sluice/store'
import { issuerHere, wantedIssuers } from './apply-issuers.ts'
import { type Applying, rowsNow, serverFile, serversOf, toolsFile, upstreamsOf } from './applying.ts'
import { isUnknown } from './bundle-values.ts'
import { matchTools } from './match-tools.ts'

/**
 * Deletes what the bundle does not have. Secrets and credentials stay: what they hold could not be brought back. An upstream that
 * goes takes its own along, which is told.
 */
export async function pruneWorkspace(applying: Applying): Promise<void> {
  const rows = await rowsNow(applying)
  await pruneIssuers(applying, rows)
  await pruneServers(applying, rows)
  await pruneUpstreams(applying, rows)
}

async function pruneIssuers(applying: Applying, rows: WorkspaceRows): Promise<void> {
  const kept = new Set(wantedIssuers(applying).map((wanted) => issuerHere(wanted, rows)?.id))
  const place = { path: 'issuers.yaml', pointer: '' }
  for (const { id } of rows.issuers.filter((issuer) => !kept.has(issuer.id)))
    await applying.perform('delete_issuer', { params: { id }, place })
}

async function pruneServers(applying: Applying, rows: WorkspaceRows): Promise<void> {
  const { perform, bundle } = applying
  const wanted = new Set(serversOf(applying))
  for (const { id, slug } of rows.servers) {
    const path = `servers/${slug}/server.yaml`
    if (!wanted.has(slug)) {
      await perform('delete_server', { params: { server: slug }, place: { path, pointer: '' } })
      continue
    }
    for (const tool of toolsToTakeOff(rows, id, serverFile(applying, slug).tools))
      await perform('remove_server_tool', { params: { server: slug, tool }, place: { path, pointer: '/tools' } })
    const offers = { resource: rows.resources, prompt: rows.prompts, composite: rows.composites }
    for (const [kind, all] of Object.entries(offers))
      for (const { name } of all.filter(({ serverId }) => serverId === id)) {
        const file = `servers/${slug}/${kind}s/${name}.yaml`
        if (bundle.values.has(file)) continue
        const params = { server: slug, [kind]: name }
        await perform(`delete_${kind}`, { params, place: { path: file, pointer: '' } })
      }
  }
}

function toolsToTakeOff(
  rows: WorkspaceRows,
  serverId: string,
  wanted: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): string[] {
  const slugs = new Map(rows.upstreams.map(({ id, slug }) => [id, slug]))
  const byId = new Map(rows.tools.map((tool) => [tool.id, tool]))
  return rows.serverTools
    .filter((placed) => placed.serverId === serverId)
    .flatMap(({ toolId }) => {
      const tool = byId.get(toolId)
      // One whose operation is gone comes back with it.
      if (!tool || isUnknown(tool)) return []
      return Object.hasOwn(wanted[slugs.get(tool.upstreamId)!] ?? {}, tool.name) ? [] : [toolId]
    })
}

async function pruneUpstreams(applying: Applying, rows: WorkspaceRows): Promise<void> {
  const { perform } = applying
  const wanted = new Set(upstreamsOf(applying))
  for (const { id, slug } of rows.upstreams) {
    if (!wanted.has(slug)) {
      if (rows.credentials.some(({ upstreamId, isUnset }) => upstreamId === id && !isUnset))
        applying.notes.push(`The upstream "${slug}" goes with its credentials, whose secrets no bundle brings back.`)
      const place = { path: `upstreams/${slug}/upstream.yaml`, pointer: '' }
      await perform('delete_upstream', { params: { upstream: slug }, place })
      continue
    }
    const own = rows.tools.filter(({ upstreamId }) => upstreamId === id)
    const { extra } = matchTools(toolsFile(applying, slug), own)
    const place = { path: `upstreams/${slug}/tools.yaml`, pointer: '/tools' }
    for (const row of extra.filter((one) => !isUnknown(one))) {
      const isLast = own.filter(({ operationId }) => operationId === row.operationId).length === 1
      // The document has its operation: the next import would make it again.
      if (row.origin === 'manual' || !isLast) await perform('delete_tool', { params: { id: row.id }, place })
      else if (row.enabled) await perform('update_tools', { body: { enabled: false, tools: [row.id] }, place })
    }
  }
}

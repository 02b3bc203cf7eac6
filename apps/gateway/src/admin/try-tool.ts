import { callTool } from '@sluice/calls'
import type { Admin, CallStage, TriedTool } from '@sluice/contract'
import { readCatalogTool } from '@sluice/store'
import { toTool } from '../live/build-catalog.ts'
import type { AdminDeps } from './deps.ts'
import { existing } from './route.ts'

/** Calls a tool for its curator and tells what each stage made; secrets are masked there as in every answer. */
export async function tryTool(
  admin: Admin,
  toolId: string,
  args: unknown,
  signal: AbortSignal,
  { store, serve }: AdminDeps,
): Promise<TriedTool> {
  const rows = existing(await readCatalogTool(store, admin.workspaceId, toolId), 'tool')
  const stages: Array<{ stage: CallStage; value: unknown }> = []
  const outcome = await callTool(
    {
      id: `try ${toolId}`,
      caller: { workspaceId: admin.workspaceId, name: admin.name },
      tool: toTool(rows.tools[0]!, rows.secrets),
      upstream: rows.upstreams[0]!,
      arguments: args,
      signal: AbortSignal.any([signal, serve.stopping]),
      deadline: Date.now() + serve.callTimeoutMs,
      trace: (stage, value) => void stages.push({ stage, value }),
    },
    serve.calls,
  )
  return { stages, outcome }
}

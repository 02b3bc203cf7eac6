import { type Admin, type CreateTool, type OperationDefinition, Problem, type ProblemError } from '@sluice/contract'
import { manualDocument, manualFaults, readDefinition } from '@sluice/openapi'
import { findNamedUpstream, findOperation, findTool, type ToolSource } from '@sluice/store'
import type { AdminDeps } from './deps.ts'
import { definitionOf } from './tool-detail.ts'

/** What a tool that is made by hand stands on. @throws Problem `invalid-request` for what cannot be read */
export async function toolSource(
  admin: Admin,
  { name, operation, manual, description }: Pick<CreateTool, 'name' | 'operation' | 'manual' | 'description'>,
  { store, readSpec }: Pick<AdminDeps, 'store' | 'readSpec'>,
): Promise<{ source: ToolSource; definition?: OperationDefinition; upstream: string }> {
  if ((operation === undefined) === (manual === undefined)) {
    const detail = 'A tool stands either on a stored `operation`, or on a `manual` one.'
    const fix = 'Keep one of the two.'
    throw new Problem('invalid-request', { detail, errors: [{ pointer: '/operation', detail, fix }] })
  }
  if (operation) {
    const found = await findOperation(store, admin.workspaceId, operation.id)
    const stored = found?.tools[0] && (await findTool(store, admin.workspaceId, found.tools[0].id))
    const known = stored ? { definition: definitionOf(stored), upstream: stored.upstream } : { upstream: '' }
    return { source: { operation: operation.id }, ...known }
  }
  refuseFaults(manualFaults(manual!))
  const upstream = await findNamedUpstream(store, admin.workspaceId, manual!.upstream)
  const securitySchemes = upstream.securitySchemes as Parameters<typeof manualDocument>[1]['securitySchemes']
  const about = { title: upstream.name, baseUrl: upstream.baseUrl, securitySchemes, summary: name }
  const spec = await readSpec({ text: manualDocument(manual!, description ? { ...about, description } : about) })
  const [derived] = spec.operations
  if (!derived) {
    const detail = spec.diagnostics[0]?.message ?? 'The operation cannot be read.'
    throw new Problem('invalid-request', { detail, errors: [{ pointer: '/manual', detail }] })
  }
  const definition = readDefinition(derived.definition)
  const { upstream: _slug, ...said } = manual!
  const made = { operation: said, name, ...(description ? { description } : {}) }
  return { source: { upstream: upstream.slug, derived, manual: made }, definition, upstream: upstream.slug }
}

export function refuseFaults(errors: readonly ProblemError[]): void {
  if (errors.length > 0) throw new Problem('invalid-request', { detail: errors[0]!.detail, errors })
}

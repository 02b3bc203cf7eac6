import type { Admin, OperationDefinition, ToolDetail } from '@sluice/contract'
import { editArguments, hintNote, readDefinition } from '@sluice/openapi'
import type { StoredTool } from '@sluice/store'
import { tellFilters } from '../live/tell-filters.ts'
import type { AdminDeps } from './deps.ts'
import { resourceNote } from './settle-resource.ts'
import { tellSamples } from './tell-samples.ts'

export function definitionOf(tool: StoredTool): OperationDefinition {
  return readDefinition(tool.definition)
}

type Written = Omit<ToolDetail, 'outputSchema' | 'notes'>

/** What people write of a tool, and its document. */
export function writtenOf(tool: StoredTool, definition = definitionOf(tool)): Written {
  const { ownTitle: _title, ownDescription, ownTags: _tags, argumentEdits, definition: _text, servers, ...own } = tool
  const { upstreamFilter: _filter, upstreamSteps: _steps, ...row } = own
  return {
    ...row,
    description: ownDescription ?? definition.description,
    arguments: argumentEdits as ToolDetail['arguments'],
    inputSchema: editArguments(definition, argumentEdits).wireSchema,
    servers: [...servers],
  }
}

/** A tool with what can be told of its filters and steps without calling the API. */
export async function detailOf(
  admin: Admin,
  tool: StoredTool,
  signal: AbortSignal,
  deps: AdminDeps,
): Promise<ToolDetail> {
  const definition = definitionOf(tool)
  const { outputSchema, notes } = tellFilters(definition.outputSchema, tool)
  const ofSamples = isChanged(tool) ? await tellSamples(admin, tool.id, signal, deps) : []
  const ofHints = hintNote(tool.method, definition.annotations, tool.annotations ?? {}) ?? []
  const ofResource = resourceNote(tool, definition) ?? []
  return {
    ...writtenOf(tool, definition),
    outputSchema: outputSchema ?? null,
    notes: [...notes, ofHints, ofSamples, ofResource, tellDisabled(admin, tool, deps)].flat(),
  }
}

/** Scripts that this gateway does not run any more: each call of the tool fails by them. */
function tellDisabled(
  { workspaceId: owner }: Admin,
  { upstream, steps, upstreamSteps }: StoredTool,
  { isDisabled }: AdminDeps,
): string[] {
  const owners = [
    { name: `the upstream "${upstream}"`, own: upstreamSteps },
    { name: 'the tool', own: steps },
  ]
  return owners.flatMap(({ name, own }) =>
    (['request', 'response'] as const).flatMap((point) => {
      const source = own[`${point}Interceptor`]
      if (source === undefined || !isDisabled({ point, source, owner })) return []
      return `The ${point} interceptor of ${name} is disabled on this gateway: it had to be stopped together with its process twice. Calls fail until it is changed.`
    }),
  )
}

/** Whether anything is made of its answers. */
function isChanged({ responseFilter, upstreamFilter, steps, upstreamSteps }: StoredTool): boolean {
  return (
    [responseFilter, upstreamFilter].some(Boolean) || [steps, upstreamSteps].some((all) => Object.keys(all).length > 0)
  )
}

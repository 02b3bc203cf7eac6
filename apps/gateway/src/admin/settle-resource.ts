import {
  type ArgumentEdits,
  type OperationDefinition,
  Problem,
  type ToolHints,
  type ToolResource,
  type UpdateTool,
} from '@sluice/contract'
import { defaultResourceUri, editArguments, editHints, type ReadableTool, resourceFaults } from '@sluice/openapi'
import type { StoredTool } from '@sluice/store'

/** What a URI is made of, and held against. */
export interface ResourceOf {
  /** The slug of its upstream. */
  readonly upstream: string
  readonly definition: OperationDefinition
  readonly edits: ArgumentEdits
  /** The curator's, over those of the document. */
  readonly hints: ToolHints
}

/**
 * A tool's resource as it is written: with its URI, which is of the upstream and the path where none is given.
 * @throws Problem `invalid-request` where the tool cannot be read so (B175)
 */
export function settleResource(
  given: UpdateTool['resource'],
  { upstream, definition, edits, hints }: ResourceOf,
): { resource?: ToolResource | null } {
  if (given === undefined) return {}
  if (given === null) return { resource: null }
  const tool = readable(definition, edits, hints)
  const uri = given.uri ?? defaultResourceUri(upstream, tool)
  const errors = resourceFaults(tool, uri)
  if (errors.length > 0) throw new Problem('invalid-request', { detail: errors[0]!.detail, errors })
  return { resource: { uri } }
}

/** What is told of a resource that its tool does not fit any more; undefined where it does. */
export function resourceNote(
  { resource, argumentEdits, annotations }: Pick<StoredTool, 'resource' | 'argumentEdits' | 'annotations'>,
  definition: OperationDefinition,
): string | undefined {
  const [fault] = resource ? resourceFaults(readable(definition, argumentEdits, annotations ?? {}), resource.uri) : []
  return fault && `It is no resource any more: ${fault.detail}`
}

function readable(definition: OperationDefinition, edits: ArgumentEdits, hints: ToolHints): ReadableTool {
  const { operation, annotations } = definition
  const { inputSchema } = editArguments(definition, edits)
  return { operation, annotations: editHints(annotations, hints), inputSchema }
}

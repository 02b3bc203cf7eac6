import type { ProblemError, ToolAnnotations } from '@sluice/contract'
import { loosened } from './mcp-extension.ts'

/** The hints after a curator's edits, which may loosen what the method says. What only reads destroys nothing (B168). */
export function editHints(floor: ToolAnnotations, edits: Partial<ToolAnnotations>): ToolAnnotations {
  const readOnlyHint = edits.readOnlyHint ?? floor.readOnlyHint
  if (readOnlyHint) return { ...floor, ...edits, readOnlyHint, destructiveHint: false }
  // What reads by its method and writes all the same may do anything.
  const destructiveHint = edits.destructiveHint ?? (floor.readOnlyHint || floor.destructiveHint)
  return { ...floor, ...edits, readOnlyHint, destructiveHint }
}

/** Which edits contradict each other. */
export function hintFaults({ readOnlyHint, destructiveHint }: Partial<ToolAnnotations>): ProblemError[] {
  if (!readOnlyHint || !destructiveHint) return []
  const detail = 'A tool that only reads destroys nothing: readOnlyHint and destructiveHint cannot both be true.'
  return [{ pointer: '/annotations/destructiveHint', detail, fix: 'Leave one of the two out.' }]
}

/** What edits promise beyond what the method does: agents, and keys that may only read, go by it (S31). */
export function hintNote(method: string, floor: ToolAnnotations, edits: Partial<ToolAnnotations>): string | undefined {
  const looser = loosened(floor, edits)
  return looser.length > 0 ? `Its hints say it is safer than ${method} is by itself: ${looser.join(', ')}.` : undefined
}

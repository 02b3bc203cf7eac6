import type { BundleTool } from '@sluice/contract'
import { canonicalJson } from '@sluice/schema'
import type { WorkspaceRows } from '@sluice/store'

export type ToolRow = WorkspaceRows['tools'][number]

export interface MatchedTools {
  /** A tool of the bundle and the one here that becomes it, under its name or another. */
  readonly pairs: ReadonlyArray<{ readonly name: string; readonly wanted: BundleTool; readonly row: ToolRow }>
  /** Those that are made. */
  readonly missing: ReadonlyArray<{ readonly name: string; readonly wanted: BundleTool }>
  /** Those here that the bundle does not have. */
  readonly extra: readonly ToolRow[]
}

/**
 * Which tool here a tool of the bundle is: the one of its name on the same operation, else the oldest of that operation that no
 * name takes: an import has just made it, or somebody renamed it. A manual one is known by all that was said when it was made.
 */
export function matchTools(wanted: Readonly<Record<string, BundleTool>>, rows: readonly ToolRow[]): MatchedTools {
  const free = new Set(rows)
  const pairs: Array<MatchedTools['pairs'][number]> = []
  const missing: Array<MatchedTools['missing'][number]> = []
  const take = (name: string, tool: BundleTool, row: ToolRow | undefined) => {
    if (!row) return false
    free.delete(row)
    pairs.push({ name, wanted: tool, row })
    return true
  }
  const open = Object.entries(wanted).filter(
    ([name, tool]) =>
      !take(
        name,
        tool,
        rows.find((row) => row.name === name && keyOf(row) === wantedKey(tool)),
      ),
  )
  for (const [name, tool] of open) {
    const isIt = tool.operation
      ? (row: ToolRow) => keyOf(row) === tool.operation
      : (row: ToolRow) => isSameManual(name, tool, row)
    if (!take(name, tool, [...free].find(isIt))) missing.push({ name, wanted: tool })
  }
  return { pairs, missing, extra: [...free] }
}

/** Whether a manual tool here was made as the bundle says. */
export function isSameManual(name: string, { manual }: BundleTool, row: ToolRow): boolean {
  if (!row.manual) return false
  const { operation, name: own, description } = row.manual
  const now = { ...operation, name: own, ...(description ? { description } : {}) }
  return canonicalJson({ name, ...manual }) === canonicalJson(now)
}

function keyOf({ origin, method, path }: ToolRow): string {
  return origin === 'manual' ? 'manual' : `${method} ${path}`
}

function wantedKey({ operation }: BundleTool): string {
  return operation ?? 'manual'
}

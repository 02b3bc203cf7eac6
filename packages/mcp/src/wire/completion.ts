import type { CompleteResult } from '@modelcontextprotocol/server'

/** What `completion/complete` answers. */
export type Completion = Required<CompleteResult['completion']>

/** MCP 2026-07-28, Completion Results. */
const MOST_VALUES = 100

/** The values that go on as it was typed, whatever the case of its letters, in their own order. */
export function completion(values: readonly string[], typed: string): Completion {
  const start = typed.toLowerCase()
  const fitting = values.filter((value) => value.toLowerCase().startsWith(start))
  return {
    values: fitting.slice(0, MOST_VALUES),
    total: fitting.length,
    hasMore: fitting.length > MOST_VALUES,
  }
}

import type { FinishedCall, Observe } from '@sluice/contract'

/** The last calls of each workspace, in memory: what `sluice logs` shows. */
export interface FinishedCalls {
  readonly observe: Observe
  /** The newest first. */
  readonly of: (workspaceId: string) => readonly FinishedCall[]
}

const MOST_PER_WORKSPACE = 1_000

/** Passes everything on and remembers the calls. */
export function rememberCalls(next: Observe): FinishedCalls {
  const calls = new Map<string, FinishedCall[]>()
  return {
    observe: (observation) => {
      next(observation)
      if (observation.kind !== 'call.finished') return
      const { callId: id, server, tool, caller, client, outcome, status = null, cache = null, ms, bytes } = observation
      const { workspaceId, tokens = null } = observation
      const remembered = calls.get(workspaceId) ?? []
      calls.set(workspaceId, remembered)
      const at = new Date().toISOString()
      remembered.push({ id, at, server, tool, caller, client, outcome, status, cache, tokens, ms, bytes })
      if (remembered.length > MOST_PER_WORKSPACE) remembered.shift()
    },
    of: (workspaceId) => (calls.get(workspaceId) ?? []).toReversed(),
  }
}

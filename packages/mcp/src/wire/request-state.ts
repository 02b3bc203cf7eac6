import { canonicalJson } from '@sluice/schema'
import type { RequestStates } from '../mcp-session.ts'

/** The request that a state belongs to: it is worth nothing for another. */
export interface StatedRequest {
  readonly method: string
  /** Of the tool or the prompt, or the URI. */
  readonly name: string
  readonly args: unknown
}

/** Keeps the state of a request while its client is asked. Answers its `requestState`. */
export function keepState(states: RequestStates, request: StatedRequest, state: unknown): Promise<string> {
  return states.keep(JSON.stringify({ request: nameOf(request), state }))
}

/** The state of a request that is made again; undefined where it is none of this caller's, of this request's, or was used. */
export async function takeState(
  states: RequestStates,
  request: StatedRequest,
  handle: string,
): Promise<{ readonly state: unknown } | undefined> {
  const text = await states.take(handle)
  if (text === undefined) return undefined
  const kept = JSON.parse(text) as { readonly request: string; readonly state: unknown }
  return kept.request === nameOf(request) ? { state: kept.state } : undefined
}

function nameOf({ method, name, args = {} }: StatedRequest): string {
  return canonicalJson([method, name, args])
}

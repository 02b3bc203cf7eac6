import { isObject } from '@sluice/schema'
import type { Askable } from '../inputs-wanted.ts'
import { META, type SettledRequest } from './settle-request.ts'

/** What the client of a request can be asked for: it says so with each request, or said so when it initialized. */
export function askableOf({ era, params, facts }: SettledRequest): Askable {
  if (era === 'legacy') return { ...NOTHING, ...facts?.askable }
  return askableBy(isObject(params._meta) ? params._meta[`${META}clientCapabilities`] : undefined)
}

const NOTHING: Askable = { elicitation: [], sampling: false, roots: false }

/** The same by the capabilities that a client declares. */
export function askableBy(capabilities: unknown): Askable {
  const { elicitation, sampling, roots } = isObject(capabilities) ? capabilities : {}
  const kinds = isObject(elicitation) ? (['form', 'url'] as const).filter((kind) => isObject(elicitation[kind])) : []
  return {
    // Before kinds were told apart, it meant forms (MCP 2025-06-18).
    elicitation: isObject(elicitation) && kinds.length === 0 ? ['form'] : kinds,
    sampling: isObject(sampling),
    roots: isObject(roots),
  }
}

/** What of it one request needs that the client cannot give. */
export function missingFor(
  { method, params }: { method: string; params: object },
  askable: Askable,
): string | undefined {
  if (method === 'sampling/createMessage') return askable.sampling ? undefined : 'sampling'
  if (method === 'roots/list') return askable.roots ? undefined : 'roots'
  const kind = 'mode' in params && params.mode === 'url' ? 'url' : 'form'
  return askable.elicitation.includes(kind) ? undefined : `elicitation (${kind})`
}

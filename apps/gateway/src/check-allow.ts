import { Problem } from '@sluice/contract'
import { parseAllowList } from '@sluice/egress'
import { DEFAULT_WORKSPACE_ID } from '@sluice/store'
import { ConfigFault } from './config.ts'

/** @throws Problem for entries that cannot be read, or that are not a workspace's to allow */
export type CheckAllow = (workspaceId: string, entries: readonly string[]) => void

/** What a workspace may store as its own allow lists; `egressAllow` is the operator's. */
export function createCheckAllow(egressAllow: readonly string[]): CheckAllow {
  const operators = parseAllowList(egressAllow)
  return (workspaceId, entries) => {
    checkEntries(entries)
    const refused = mayAllow(workspaceId) ? [] : entries.filter((entry) => !operators.covers(entry))
    if (refused.length === 0) return
    const detail = `Only the operator allows private addresses in this workspace, and EGRESS_ALLOW does not have ${refused.join(', ')}.`
    const fix = `Leave it out of \`allow\`, or have the operator add it: EGRESS_ALLOW=${[...egressAllow, ...refused].join(',')}`
    throw new Problem('role-required', { detail, errors: [{ pointer: '/allow', detail, fix }] })
  }
}

/** Looked at before anything is made or opened. @throws ConfigFault for an entry of the operator's that cannot be read */
export function checkEgressAllow(entries: readonly string[]): void {
  try {
    parseAllowList(entries)
  } catch (error) {
    throw new ConfigFault([`EGRESS_ALLOW: ${(error as Error).message}`])
  }
}

/**
 * Whether a workspace's owners choose the private addresses that its upstreams and issuers may lie at. Those of the default one
 * do, since they are whom the gateway's own network belongs to; others are tenants (S1).
 */
export function mayAllow(workspaceId: string | undefined): boolean {
  return workspaceId === undefined || workspaceId === DEFAULT_WORKSPACE_ID
}

function checkEntries(entries: readonly string[]): void {
  try {
    parseAllowList(entries)
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new Problem('invalid-request', { detail, errors: [{ pointer: '/allow', detail }] })
  }
}

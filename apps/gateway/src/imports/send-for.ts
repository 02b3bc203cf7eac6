import type { Send } from '@sluice/contract'

/** The door as one workspace has it. */
export function sendFor(workspaceId: string, send: Send): Send {
  return (request, limits) => send(request, { ...limits, workspaceId })
}

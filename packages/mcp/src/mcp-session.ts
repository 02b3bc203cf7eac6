import type { CallOutcome, CatalogServer, ClientProfile, ListedTool } from '@sluice/contract'

/** What one caller may see and do on one server. */
export interface McpSession {
  readonly server: CatalogServer
  /** Stands for who is calling, in a session id that only they may use. */
  readonly principal: string
  /** The same object for as long as `listTools` gives the same. */
  readonly scope: object
  /** In the order of their names. Asked for a list only: a call of one tool looks at no other. */
  readonly listTools: () => readonly ListedTool[]
  /** What this caller may call by that name. */
  readonly findTool: (name: string) => ListedTool | undefined
  /** `undefined`: no tool of that name for this caller. */
  readonly callTool: (name: string, args: unknown, request: CallRequest) => Promise<CallOutcome | undefined>
  /** Asked before a tool is called, while the status of the answer is still open; what it throws, `handle` does. */
  readonly beforeCall?: (name: string) => void
}

export interface CallRequest {
  readonly client: ClientProfile
  readonly signal: AbortSignal
  /** Set where the client wants to be told. */
  readonly onProgress?: (progress: number, message?: string) => void
}

import type {
  CallOutcome,
  CatalogPrompt,
  CatalogServer,
  ClientProfile,
  ListedResource,
  ListedTool,
} from '@sluice/contract'

/** What one caller may see and do on one server. */
export interface McpSession {
  readonly server: CatalogServer
  /** Stands for who is calling, in a session id that only they may use. */
  readonly principal: string
  /** The same object for as long as `listTools` gives the same. */
  readonly scope: object
  /** What there is for this caller beside tools. */
  readonly offers: () => Offers
  /** In the order of their names. Asked for a list only: a call of one tool looks at no other. */
  readonly listTools: () => readonly ListedTool[]
  /** What this caller may call by that name. */
  readonly findTool: (name: string) => ListedTool | undefined
  /** `undefined`: no tool of that name for this caller. */
  readonly callTool: (name: string, args: unknown, request: CallRequest) => Promise<CallOutcome | undefined>
  /** Asked before a tool is called, while the status of the answer is still open; what it throws, `handle` does. */
  readonly beforeCall?: (name: string, args: unknown) => void
  /** The same for a resource that is read. */
  readonly beforeRead?: (uri: string) => void
  /** In the order of their names; those with expressions in their URI are templates. */
  readonly listResources: () => readonly ListedResource[]
  /** What this caller may read by that URI: a resource, or the template that takes it. */
  readonly findResource: (uri: string) => ListedResource | undefined
  /** `undefined`: nothing of that URI for this caller. */
  readonly readResource: (uri: string, request: CallRequest) => Promise<ReadOutcome | undefined>
  /** In the order of their names. */
  readonly listPrompts: () => readonly CatalogPrompt[]
  /** What may stand for an expression of a template; `undefined`: no such template for this caller. */
  readonly templateValues: (template: string, name: string) => readonly string[] | undefined
}

export interface Offers {
  readonly resources: boolean
  readonly prompts: boolean
  /** Something has arguments or expressions. */
  readonly completions: boolean
}

export interface CallRequest {
  readonly client: ClientProfile
  readonly signal: AbortSignal
  /** Set where the client wants to be told. */
  readonly onProgress?: (progress: number, message?: string) => void
}

/** One of the things that a resource holds; `blob` is base64. */
export type ResourceContents = { readonly uri: string; readonly mimeType: string } & (
  | { readonly text: string }
  | { readonly blob: string }
)

/** What a read came to. It never succeeds with nothing (B175). */
export type ReadOutcome =
  | { readonly ok: true; readonly contents: readonly ResourceContents[] }
  | Pick<Extract<CallOutcome, { ok: false }>, 'ok' | 'kind' | 'message'>

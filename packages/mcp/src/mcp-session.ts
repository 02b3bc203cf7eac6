import type {
  CallOutcome,
  CancelSignal,
  CatalogPrompt,
  CatalogServer,
  ClientProfile,
  ListedResource,
  ListedTool,
} from '@sluice/contract'

import type { Askable, GivenInputs, InputsWanted } from './inputs-wanted.ts'

/** What one caller may see and do on one server. */
export interface McpSession {
  readonly server: () => CatalogServer
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
  readonly callTool: (
    name: string,
    args: unknown,
    request: CallRequest,
  ) => Promise<CallOutcome | InputsWanted | undefined>
  /** Asked before a tool is called, while the status of the answer is still open; what it throws, `handle` does. */
  readonly beforeCall?: (name: string, args: unknown) => void
  /** The same for a resource that is read. */
  readonly beforeRead?: (uri: string) => void
  /** In the order of their names; those with expressions in their URI are templates. */
  readonly listResources: () => readonly ListedResource[]
  /** What this caller may read by that URI: a resource, or the template that takes it. */
  readonly findResource: (uri: string) => ListedResource | undefined
  /** `undefined`: nothing of that URI for this caller. */
  readonly readResource: (uri: string, request: CallRequest) => Promise<ReadOutcome | InputsWanted | undefined>
  /** In the order of their names. */
  readonly listPrompts: () => readonly CatalogPrompt[]
  /** What stands in a prompt beside what the client gave, where it must be asked for. */
  readonly completePrompt?: (
    name: string,
    request: CallRequest,
  ) => Promise<{ readonly values: Readonly<Record<string, string>> } | InputsWanted>
  /** Something of it may log to the client, or ask it for something. */
  readonly mayAsk?: true
  readonly states: RequestStates
  /** What may stand for an expression of a template; `undefined`: no such template for this caller. */
  readonly templateValues: (template: string, name: string) => readonly string[] | undefined
}

export interface Offers {
  readonly resources: boolean
  readonly prompts: boolean
  /** Something has arguments or expressions. */
  readonly completions: boolean
}

/** What is kept while a client is asked, for this caller alone. */
export interface RequestStates {
  /** Answers a handle, which says nothing by itself. */
  readonly keep: (text: string) => Promise<string>
  /** Once: whoever comes with the same handle again is given nothing. */
  readonly take: (handle: string) => Promise<string | undefined>
}

/** RFC 5424 6.2.1, the least urgent first. */
export const LOG_LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface CallRequest {
  readonly client: ClientProfile
  readonly signal: CancelSignal
  /** `_meta` of the message, unread. */
  readonly meta?: unknown
  /** Set where the client can be asked; absent: for nothing. */
  readonly askable?: Askable
  /** Set where it was. */
  readonly given?: GivenInputs
  /** Set where the client wants to be told; it hears of what is as urgent as it asked for, or more. */
  readonly log?: (level: LogLevel, data: unknown) => void
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

import type { CallLimits } from './call-limits.ts'
import type { CallSteps } from './call-steps.ts'
import type { TokenGrant } from './credentials.ts'
import type { JsonSchema, Operation, SecurityScheme } from './operations.ts'
import type { PreparedOperation } from './prepared-operations.ts'
import type { PromptContent } from './prompts.ts'
import type { StoredContent } from './resources.ts'
import type { ToolCache } from './tool-cache.ts'
import type { UpstreamPolicy } from './upstreams.ts'

/** A secret as it lies at rest. Opening it needs the master key and the very row it was sealed for. */
export interface SealedSecret {
  readonly keyId: string
  /** Bound as associated data: a ciphertext moved to another row or workspace does not open. */
  readonly workspaceId: string
  readonly secretId: string
  /** base64: 12 bytes nonce, ciphertext, 16 bytes tag. */
  readonly sealed: string
}

/** What we present to an upstream. For `basic` the secret is `user:password`. */
export interface CatalogCredential {
  readonly id: string
  /** The name of the security scheme. */
  readonly scheme: string
  /** Set for a scheme that the spec does not declare: it goes with every call to its origins. */
  readonly placement?: SecurityScheme
  /** Origins (`https://api.example.com`) that may see the secret, or the access tokens that are got with it. */
  readonly origins: readonly string[]
  readonly secret: SealedSecret
  /** Set where access tokens are got with the secret, JSON text of a `TokenSecret`. */
  readonly grant?: TokenGrant
  /** Secrets that custom headers name as `${name}`. */
  readonly parts?: Readonly<Record<string, BoundSecret>>
}

/** What is secret of a token grant, and the access token that was got last. */
export interface TokenSecret {
  readonly clientSecret?: string
  readonly refreshToken?: string
  readonly accessToken?: string
  /** Milliseconds of `Date.now()`. */
  readonly expiresAt?: number
}

/** A named secret. */
export interface BoundSecret {
  readonly secret: SealedSecret
  readonly origins: readonly string[]
}

export interface CatalogUpstream {
  readonly id: string
  readonly slug: string
  readonly baseUrl: string
  /** Of its base URL, as `URL` writes it; absent: each call reads it. */
  readonly origin?: string
  /** Private hosts or ranges an owner allowed for this upstream. */
  readonly allow: readonly string[]
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>
  /** Before those of the tool. */
  readonly steps?: CallSteps
  readonly policy?: UpstreamPolicy
  readonly responseFilter?: string
  readonly credentials: readonly CatalogCredential[]
}

/** All four hints explicit (MCP ToolAnnotations). */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean
  readonly destructiveHint: boolean
  readonly idempotentHint: boolean
  readonly openWorldHint: boolean
}

/** A value that the curator set. A secret is put in last, and only for origins that it is bound to. */
export type FixedArgument = { readonly value: unknown } | BoundSecret

/** What a model sees of a tool, and what stands behind it. */
export interface CatalogTool {
  readonly id: string
  readonly upstreamId: string
  /** Unique in its server: the tool's name, or the server's alias for it. */
  readonly name: string
  readonly title: string
  readonly description: string
  readonly annotations: ToolAnnotations
  /** Where it has another than its server. */
  readonly icon?: string
  /** What the model is shown, in the portable profile. */
  readonly wireSchema: JsonSchema
  /** Its arguments are checked against `inputSchema` below; the operation's own still holds what the curator hid. */
  readonly operation: Operation
  /** What all of its requests have in common; absent: each call works it out. */
  readonly prepared?: PreparedOperation
  /** Names the immutable version that `operation` is of. */
  readonly operationVersion: string
  /** The revision of the document that brought it; absent for what was made by hand. */
  readonly specRevision?: string
  /** What the caller's arguments must be: the operation's schema without hidden and fixed arguments. */
  readonly inputSchema: JsonSchema
  /** Sent with every call, by argument. */
  readonly fixedArguments: Readonly<Record<string, FixedArgument>>
  readonly tags: readonly string[]
  /** Callable, but shown in no list. */
  readonly unlisted: boolean
  readonly pinned: boolean
  readonly steps?: CallSteps
  /** Its answers are known to be large: the agent may pick from them by an argument of ours, which both schemas have. */
  readonly offersProjection?: boolean
  /** An answer of it was cut: who calls it may want to read on. */
  readonly hasLargeAnswers?: boolean
  /** A JMESPath projection by the curator. */
  readonly responseFilter?: string
  readonly cache?: ToolCache
  /** What is said of its answers, where they are given as values too; every answer fits it or says that it does not. */
  readonly outputSchema?: JsonSchema
  /** JSON text of the schema that a successful answer is said to have, after its filters; read only where it is shown. */
  readonly answer?: string
  /** About what its entry in a list costs a model. */
  readonly tokens: number
}

/** What a client is shown of a tool. */
export type ListedTool = Pick<
  CatalogTool,
  'name' | 'title' | 'description' | 'annotations' | 'icon' | 'wireSchema' | 'inputSchema' | 'outputSchema'
> & {
  /** Absent for a tool of ours. */
  readonly operation?: Operation
}

/** What a client is shown of a resource, or of a template of some. */
export interface ListedResource {
  readonly name: string
  /** With expressions (`{name}`) it is the template of URIs. */
  readonly uri: string
  readonly title?: string
  readonly description?: string
  readonly mimeType?: string
}

/** What can be read by its URI: something of the server's own, or what a tool answers. */
export type CatalogResource = ListedResource &
  (
    | { readonly kind: 'stored'; readonly content: StoredContent; readonly mimeType: string }
    | { readonly kind: 'tool'; readonly tool: CatalogTool }
  )

/** A prompt in its current version. */
export interface CatalogPrompt extends PromptContent {
  readonly name: string
}

/** A tool made of several calls. */
export interface CatalogComposite {
  readonly id: string
  readonly name: string
  readonly title: string
  readonly description: string
  readonly annotations: ToolAnnotations
  readonly wireSchema: JsonSchema
  readonly inputSchema: JsonSchema
  readonly code: string
  readonly tags: readonly string[]
  readonly pinned: boolean
}

/** Tools of ours: no other tool has such a name. */
export const OWN_TOOL_NAMES: readonly string[] = [
  'search_tools',
  'describe_tools',
  'call_tool',
  'run_code',
  'read_more',
]

/** How a server offers its tools: each is listed, they are found by searching, or code is written against them. */
export type ServerMode = 'direct' | 'search' | 'code'

/** What code may call where it is written against a server's tools. */
export type CodeCalls = 'none' | 'read-only' | 'all'

/** `auto`: listed while they are few, else found by searching. */
export type ServerModeSetting = ServerMode | 'auto'

export interface CatalogServer {
  readonly id: string
  readonly workspaceId: string
  readonly slug: string
  readonly name: string
  readonly mode: ServerModeSetting
  readonly codeCalls: CodeCalls
  /** Arguments and answers are recorded; absent: they are not. */
  readonly recordContent?: boolean
  readonly instructions: string
  /** Where all of its tools have the same. */
  readonly icon?: string
  /** Of all who call it. */
  readonly limits: CallLimits | null
  /** Bumped in the transaction of every change that a client could notice. */
  readonly revision: number
}

/** The immutable snapshot of a server and its enabled tools. A call keeps the one it began with. */
export interface Catalog {
  readonly server: CatalogServer
  /** In the order they are listed: by name. */
  readonly tools: readonly CatalogTool[]
  readonly byName: ReadonlyMap<string, CatalogTool>
  readonly upstreams: ReadonlyMap<string, CatalogUpstream>
  /** By name; none has the name of a tool. */
  readonly composites: ReadonlyMap<string, CatalogComposite>
  /** By name, then by URI: those of the server, and those of its tools. */
  readonly resources: readonly CatalogResource[]
  /** By name. */
  readonly prompts: readonly CatalogPrompt[]
}

/** @throws Error when the secret was sealed with another key or for another row. */
export type OpenSecret = (sealed: SealedSecret) => string

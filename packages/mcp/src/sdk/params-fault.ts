import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  GetPromptRequestSchema,
  InitializeRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  PingRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/core'

const SCHEMAS = {
  initialize: InitializeRequestSchema,
  ping: PingRequestSchema,
  'tools/list': ListToolsRequestSchema,
  'tools/call': CallToolRequestSchema,
  'resources/list': ListResourcesRequestSchema,
  'resources/templates/list': ListResourceTemplatesRequestSchema,
  'resources/read': ReadResourceRequestSchema,
  'prompts/list': ListPromptsRequestSchema,
  'prompts/get': GetPromptRequestSchema,
  'completion/complete': CompleteRequestSchema,
} as const

const MOST_TOLD = 3

/**
 * What of a request's parameters is not as its method wants them. The SDK would call it an error of its own (-32603), where
 * JSON-RPC 2.0 5.1 has -32602.
 */
export function paramsFault(method: string | undefined, message: unknown): string | undefined {
  if (method === undefined || !Object.hasOwn(SCHEMAS, method)) return undefined
  const { error } = SCHEMAS[method as keyof typeof SCHEMAS].safeParse(message)
  // What a revision wants in `_meta` the SDK itself tells.
  const issues = (error?.issues ?? []).filter(({ path }) => path[1] !== '_meta')
  if (issues.length === 0) return undefined
  const told = issues.slice(0, MOST_TOLD).map(({ path, message: fault }) => `${path.join('.')}: ${fault}`)
  return `The parameters are not as ${method} wants them. ${told.join('; ')}`
}

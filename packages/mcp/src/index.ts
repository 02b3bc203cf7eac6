export { createMcpHost, type McpHost } from './create-mcp-host.ts'
export type { McpHttpRequest, McpHttpResponse } from './http-messages.ts'
export type { Askable, GivenInputs, InputRequest, InputsWanted } from './inputs-wanted.ts'
export type {
  CallRequest,
  LogLevel,
  McpSession,
  Offers,
  ReadOutcome,
  RequestStates,
  ResourceContents,
} from './mcp-session.ts'
export { encodeTool } from './wire/encode-tool.ts'
export { placeholdersIn } from './wire/placeholders.ts'
export { structuredContentOf } from './wire/structured-content.ts'

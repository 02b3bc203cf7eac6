export { createMcpHost, type McpHost } from './create-mcp-host.ts'
export type { McpHttpRequest, McpHttpResponse } from './http-messages.ts'
export type { CallRequest, McpSession } from './mcp-session.ts'
export { encodeTool } from './wire/encode-tool.ts'

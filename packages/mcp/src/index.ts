export {
  type CallRequest,
  createMcpHost,
  type McpHost,
  type McpHttpRequest,
  type McpHttpResponse,
  type McpSession,
} from './sdk/create-mcp-host.ts'
export { encodeTool } from './wire/encode-tool.ts'

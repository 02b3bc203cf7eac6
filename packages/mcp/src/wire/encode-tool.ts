import type { Tool } from '@modelcontextprotocol/server'
import type { CatalogTool, ClientProfile } from '@sluice/contract'

/** A tool as `tools/list` shows it to one client. */
export function encodeTool(tool: CatalogTool, client: ClientProfile): Tool {
  const { operation } = tool
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: schemaFor(tool, client) as Tool['inputSchema'],
    annotations: { title: tool.title, ...tool.annotations },
    _meta: {
      'sluice/method': operation.method,
      'sluice/path': operation.path,
      ...(operation.tags.length > 0 ? { 'sluice/tags': operation.tags } : {}),
    },
  }
}

function schemaFor(tool: CatalogTool, client: ClientProfile) {
  return client.schema === 'full' ? tool.operation.inputSchema : tool.wireSchema
}

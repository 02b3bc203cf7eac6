import type { Tool } from '@modelcontextprotocol/server'
import type { ClientProfile, JsonSchema, ListedTool, Operation, SchemaProfile } from '@sluice/contract'
import { fullSchema, strictSchema } from '@sluice/schema'
import { encodeIcons } from './encode-icons.ts'
import type { Era } from './settle-request.ts'
import { outputSchemaOf } from './structured-content.ts'

/** A tool as `tools/list` shows it to one client. */
export function encodeTool(tool: ListedTool, client: ClientProfile, era: Era): Tool {
  const { operation } = tool
  const { schema, profile } = shownSchema(tool, client)
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    ...encodeIcons(tool.icon),
    inputSchema: schema as Tool['inputSchema'],
    ...(tool.outputSchema ? { outputSchema: outputSchemaOf(tool.outputSchema, era) as Tool['outputSchema'] } : {}),
    annotations: { title: tool.title, ...tool.annotations },
    _meta: {
      ...(operation ? aboutOperation(operation) : {}),
      // A strict client learns which of its tools it cannot have strict.
      ...(profile === client.schema ? {} : { 'sluice/schema-profile': profile }),
    },
  }
}

/** For people and programs; no model is shown it. */
function aboutOperation({ method, path, tags, declaredVersion }: Operation): object {
  return {
    'sluice/method': method,
    'sluice/path': path,
    ...(tags.length > 0 ? { 'sluice/tags': tags } : {}),
    'sluice/openapi': declaredVersion,
  }
}

export interface ShownSchema {
  readonly schema: JsonSchema
  readonly profile: SchemaProfile
}

/** The arguments of a tool, as a client is shown them. */
export function shownSchema(tool: ListedTool, client: ClientProfile): ShownSchema {
  if (client.schema === 'full') return { schema: fullSchema(tool.inputSchema), profile: 'full' }
  const strict = client.schema === 'strict' ? strictSchema(tool.wireSchema) : undefined
  return strict ? { schema: strict, profile: 'strict' } : { schema: tool.wireSchema, profile: 'portable' }
}

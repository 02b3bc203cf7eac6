import type { CodeCalls, JsonSchema, ListedTool } from '@sluice/contract'

/** How many tools a page of a search shows. */
export const PAGE = 8
/** How many tools may be described at once. */
export const MOST_DESCRIBED = 10

const READS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }

const SEARCH_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    query: {
      type: 'string',
      maxLength: 1000,
      description: 'What you want to do, in plain words; or a pattern of names or paths, such as /repos/*/issues.',
    },
    tag: { type: 'string', description: 'Only tools with this tag.' },
    upstream: { type: 'string', description: 'Only tools of this API.' },
    method: { type: 'string', enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'QUERY'] },
    read_only: { type: 'boolean', description: 'Only tools that change nothing.' },
    page: { type: 'integer', minimum: 1, maximum: 100 },
  },
  additionalProperties: false,
}

/** How the search is listed: with what there is. */
export function searchTool(inventory: string): ListedTool {
  return {
    name: 'search_tools',
    title: 'Search tools',
    description: `Finds the tools for a task, with their TypeScript signatures. ${inventory}`,
    annotations: READS,
    wireSchema: SEARCH_SCHEMA,
    inputSchema: SEARCH_SCHEMA,
  }
}

const DESCRIBE_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    names: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: MOST_DESCRIBED },
    format: {
      type: 'string',
      enum: ['signature', 'schema'],
      description: 'A TypeScript signature with what is said of each argument (default), or the JSON Schema.',
    },
    path: {
      type: 'string',
      maxLength: 300,
      description: 'Shows a part in full: of the arguments (filter.range), or of the answer (result.items).',
    },
  },
  required: ['names'],
  additionalProperties: false,
}

export const DESCRIBE_TOOL: ListedTool = {
  name: 'describe_tools',
  title: 'Describe tools',
  description: 'Shows in full what tools take and answer. Seldom needed: a search shows signatures.',
  annotations: READS,
  wireSchema: DESCRIBE_SCHEMA,
  inputSchema: DESCRIBE_SCHEMA,
}

const CALL_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'As search_tools gave it.' },
    arguments: { type: 'object', additionalProperties: true, description: "The tool's own arguments." },
  },
  required: ['name'],
  additionalProperties: false,
}

const CODE_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    code: {
      type: 'string',
      maxLength: 65_536,
      description: 'The body of an async function. What it returns is the answer.',
    },
  },
  required: ['code'],
  additionalProperties: false,
}

/** How code is listed, by what it may call. */
export function codeTool(mayCall: Exclude<CodeCalls, 'none'>): ListedTool {
  const reads = mayCall === 'read-only'
  return {
    name: 'run_code',
    title: 'Run code',
    description: [
      'Runs JavaScript or TypeScript that calls tools: await api.tool_name({…}) gives {data, status, headers}; data is the parsed answer.',
      'A failed call throws a ToolError with status, body and signature.',
      'Return only what is needed: loop, filter and join here instead of reading whole answers.',
      `At most 50 calls, 10 at once, 50 seconds; no other network, no timers, no imports.${reads ? ' Only tools that change nothing can be called.' : ''}`,
    ].join(' '),
    annotations: { readOnlyHint: reads, destructiveHint: !reads, idempotentHint: reads, openWorldHint: true },
    wireSchema: CODE_SCHEMA,
    inputSchema: CODE_SCHEMA,
  }
}

/** Anything may come of it: it is as dangerous as the most dangerous tool. */
export const CALL_TOOL: ListedTool = {
  name: 'call_tool',
  title: 'Call a tool',
  description: 'Calls a tool that search_tools found.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  wireSchema: CALL_SCHEMA,
  inputSchema: CALL_SCHEMA,
}

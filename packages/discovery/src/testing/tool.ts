import type { JsonSchema } from '@sluice/contract'
import type { FindableTool } from '../tool-words.ts'

/** A tool of `METHOD /path`, named after both unless told otherwise. */
export function tool(route: string, more: Partial<FindableTool> & { readonly args?: JsonSchema } = {}): FindableTool {
  const [method = '', path = ''] = route.split(' ')
  const { args = {}, ...given } = more
  const names = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name!)
  const properties = { ...Object.fromEntries(names.map((name) => [name, { type: 'string' }])), ...args }
  const inputSchema = { type: 'object', properties, required: names }
  return {
    name: `${method}_${path}`.toLowerCase().replaceAll(/[^a-z]+/g, '_'),
    title: route,
    description: route,
    tags: [],
    annotations: {
      readOnlyHint: method === 'GET',
      destructiveHint: method === 'DELETE',
      idempotentHint: method !== 'POST',
      openWorldHint: true,
    },
    inputSchema,
    wireSchema: inputSchema,
    upstream: 'api',
    operation: {
      method,
      path,
      summary: '',
      description: '',
      tags: [],
      deprecated: false,
      parameters: [],
      inputSchema,
      security: [],
      responses: [],
      declaredVersion: '3.1.0',
    },
    ...given,
  }
}

import type { CatalogResource, CatalogTool } from '@sluice/contract'
import { resourceFaults } from '@sluice/openapi'
import type { CatalogResourceRow, CatalogToolOutline } from '@sluice/store'

/**
 * All that can be read on a server, by name and then by URI. A tool whose resource does not fit it any more, since its document
 * or its arguments changed, is none until its curator says how to read it.
 */
export function listResources(
  stored: readonly CatalogResourceRow[],
  tools: readonly CatalogTool[],
  rows: readonly CatalogToolOutline[],
): CatalogResource[] {
  const uris = new Map(rows.flatMap(({ id, resource }) => (resource ? [[id, resource.uri] as const] : [])))
  const ofTools = tools.flatMap((tool) => {
    const uri = uris.get(tool.id)
    return uri !== undefined && resourceFaults(tool, uri).length === 0 ? [ofTool(tool, uri)] : []
  })
  return [...stored.map(ofServer), ...ofTools].toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
}

function ofServer({ name, uri, title, description, mimeType, content }: CatalogResourceRow): CatalogResource {
  return {
    kind: 'stored',
    name,
    uri,
    ...(title === null ? {} : { title }),
    ...(description === null ? {} : { description }),
    mimeType,
    content,
  }
}

function ofTool(tool: CatalogTool, uri: string): CatalogResource {
  const { name, title, description } = tool
  const mimeType = mimeTypeOf(tool)
  return { kind: 'tool', name, uri, title, description, ...(mimeType ? { mimeType } : {}), tool }
}

/** Of the document's first success. A range of types tells nothing. */
function mimeTypeOf({ operation }: CatalogTool): string | undefined {
  const success = operation.responses?.find(({ status }) => /^2/.test(status))
  const [type] = (success?.contentTypes[0] ?? '').split(/ *;/)
  return type && !type.includes('*') ? type : undefined
}

/** No name has a space, so this is the order of names. */
function orderOf({ name, uri }: Pick<CatalogResource, 'name' | 'uri'>): string {
  return `${name} ${uri}`
}

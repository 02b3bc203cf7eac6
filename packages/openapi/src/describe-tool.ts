import type { ToolAnnotations } from '@sluice/contract'
import { cleanText, cutText } from './clean-text.ts'
import type { DeclaredOperation } from './list-operations.ts'

/** What a person and a model read first: the summary, or else method and path (B41, B42). */
export function titleOf(operation: DeclaredOperation): string {
  return cutText(cleanText(operation.mcp.title ?? operation.summary) || `${operation.method} ${operation.path}`, 120)
}

/** Summary, description, deprecation and scopes, without HTML and invisible characters. */
export function descriptionOf(operation: DeclaredOperation): string {
  const summary = cleanText(operation.summary)
  const description = cleanText(operation.mcp.description ?? operation.description)
  const scopes = [...new Set(operation.security.flatMap((requirement) => Object.values(requirement).flat()))]
  const parts = [
    // What the author wrote for models is whole.
    summary && !operation.mcp.description && !description.startsWith(summary) ? summary : '',
    description,
    operation.deprecated ? 'Deprecated.' : '',
    scopes.length > 0 ? `Needs scope: ${scopes.join(', ')}.` : '',
  ]
  const text = parts.filter(Boolean).join('\n\n')
  return cutText(text || `${operation.method} ${operation.path}`, MOST_CHARS)
}

const MOST_CHARS = 1_000

/** The hints of a tool, all four, derived from its method; a document may only make them stricter (B168, B169, S31). */
export function annotationsOf(method: string, said: Partial<ToolAnnotations> = {}): ToolAnnotations {
  const readOnly = SAFE.has(method) && said.readOnlyHint !== false
  return {
    readOnlyHint: readOnly,
    // A write may destroy unless it only adds: PUT and PATCH replace, POST starts anything.
    destructiveHint: !readOnly || said.destructiveHint === true,
    idempotentHint: (SAFE.has(method) || method === 'PUT' || method === 'DELETE') && said.idempotentHint !== false,
    openWorldHint: true,
  }
}

// RFC 9110 9.2.1; QUERY is safe by RFC 10008.
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY'])

import type { ToolAnnotations } from '@sluice/contract'
import type { DeclaredOperation } from './list-operations.ts'

/** What a person and a model read first: the summary, or else method and path (B41, B42). */
export function titleOf(operation: DeclaredOperation): string {
  return cut(cleanText(operation.summary) || `${operation.method} ${operation.path}`, 120)
}

/** Summary, description, deprecation and scopes, without HTML and invisible characters. */
export function descriptionOf(operation: DeclaredOperation): string {
  const summary = cleanText(operation.summary)
  const description = cleanText(operation.description)
  const scopes = [...new Set(operation.security.flatMap((requirement) => Object.values(requirement).flat()))]
  const parts = [
    summary && !description.startsWith(summary) ? summary : '',
    description,
    operation.deprecated ? 'Deprecated.' : '',
    scopes.length > 0 ? `Needs scope: ${scopes.join(', ')}.` : '',
  ]
  const text = parts.filter(Boolean).join('\n\n')
  return cut(text || `${operation.method} ${operation.path}`, MOST_CHARS)
}

const MOST_CHARS = 1_000

/** The hints of a tool, all four, derived from its method (B168, B169). */
export function annotationsOf(method: string): ToolAnnotations {
  const readOnly = SAFE.has(method)
  return {
    readOnlyHint: readOnly,
    // A write may destroy unless it only adds: PUT and PATCH replace, POST starts anything.
    destructiveHint: !readOnly,
    idempotentHint: readOnly || method === 'PUT' || method === 'DELETE',
    openWorldHint: true,
  }
}

// RFC 9110 9.2.1; QUERY is safe by RFC 10008.
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY'])

/** Text for a model: no HTML, no characters that a person would not see, no runs of blank lines. */
export function cleanText(text: string): string {
  return text
    .replaceAll(INVISIBLE, '')
    .replaceAll(/<\/?(?:p|br|li|ul|ol|div|h[1-6]|tr)\b[^>]*>/gi, '\n')
    .replaceAll(/<\/?[a-z][^<>]*>/gi, '')
    .replaceAll(/[ \t]+\n/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

// Zero-width, bidi controls and isolates, tag characters, C0 without tab and line feed (S28).
const INVISIBLE = /[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}\u0000-\u0008\u000B-\u001F\u007F]/gu

function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const room = text.slice(0, most - 1)
  return `${room.slice(0, Math.max(room.lastIndexOf(' '), most / 2))}…`
}

import type { ArgumentEdit, ToolDetail } from '@sluice/contract'
import { fields, notesText, safeLines } from '../print.ts'
import { hintsText } from './hint-edits.ts'
import { stepsText } from './step-edits.ts'

/** What is known of one tool, for people. */
export function toolText(tool: ToolDetail): string {
  const { name, upstream, method, path, title, enabled, removed, tags, tokens, responseFilter, servers, id } = tool
  const state = removed ? 'its operation is no longer in the document' : enabled ? 'enabled' : 'disabled'
  const facts = {
    tool: name,
    id,
    title,
    operation: `${method} ${path}`,
    upstream,
    state,
    servers: servers.join(', '),
    tags: tags.join(', '),
    tokens,
    'response filter': responseFilter,
    steps: stepsText(tool.steps),
    cache: tool.cache && `${tool.cache.ttlSeconds} s`,
    hints: hintsText(tool.annotations),
    resource: tool.resource?.uri,
    'structured content': tool.structuredContent ? 'on' : null,
    projection: tool.largeAnswers ? `${tool.projection}, answers were large` : tool.projection,
  }
  return [fields(facts), safeLines(tool.description), argumentsText(tool), notesText(tool.notes)]
    .filter(Boolean)
    .join('\n\n')
}

function argumentsText({ inputSchema, arguments: edits }: ToolDetail): string {
  const { properties = {}, required = [] } = inputSchema as { properties?: object; required?: string[] }
  const shown = Object.entries(properties).map(([name, { type, description }]) => {
    const kind = [type ?? 'any', required.includes(name) ? 'required' : ''].filter(Boolean).join(', ')
    return `  ${name} (${kind})${description ? `: ${description}` : ''}`
  })
  const edited = Object.entries(edits).map(([name, edit]) => `  ${name}: ${editText(edit)}`)
  return [
    shown.length > 0 ? `Arguments:\n${shown.join('\n')}` : 'It takes no arguments.',
    ...(edited.length > 0 ? [`Edited:\n${edited.join('\n')}`] : []),
  ]
    .map(safeLines)
    .join('\n')
}

function editText(edit: ArgumentEdit): string {
  if ('hidden' in edit) return 'hidden'
  if ('secret' in edit) return `fixed to the secret ${edit.secret}`
  if ('value' in edit) return `fixed to ${JSON.stringify(edit.value)}`
  return `described as ${JSON.stringify(edit.description)}`
}

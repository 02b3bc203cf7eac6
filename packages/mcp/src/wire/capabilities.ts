import type { ServerCapabilities } from '@modelcontextprotocol/server'
import type { McpSession } from '../mcp-session.ts'
import type { Era } from './settle-request.ts'

/** What a server can do for a caller: a feature is named where there is something of it. */
export function capabilities(session: McpSession, era: Era): ServerCapabilities {
  const { resources, prompts, completions } = session.offers()
  // Before 2026-07-28 a change is told on a stream of a session, and none is kept.
  const list = era === 'modern' ? { listChanged: true } : {}
  return {
    tools: list,
    ...(resources ? { resources: list } : {}),
    ...(prompts ? { prompts: list } : {}),
    ...(completions ? { completions: {} } : {}),
    ...(session.mayAsk ? { logging: {} } : {}),
  }
}

import type { Server } from '@modelcontextprotocol/server'
import { isObject } from '@sluice/schema'
import type { LogLevel } from '../mcp-session.ts'
import { isLogLevel, type LogLevels } from '../wire/log-levels.ts'
import { META, type SettledRequest } from '../wire/settle-request.ts'
import type { Exchange } from './exchange.ts'

/** Takes what a client of the handshake era wants to hear of. */
export function serveLogging(server: Server, { settled }: Exchange, levels: LogLevels): void {
  server.setRequestHandler('logging/setLevel', ({ params }) => {
    if (settled.sessionId !== undefined) levels.set(settled.sessionId, params.level)
    return {}
  })
}

/** MCP 2026-07-28: who names no level in a request wants to hear of nothing. */
export function wantedLevel({ era, params, sessionId }: SettledRequest, levels: LogLevels): LogLevel | undefined {
  if (era === 'legacy') return levels.of(sessionId)
  const level = isObject(params._meta) ? params._meta[`${META}logLevel`] : undefined
  return isLogLevel(level) ? level : undefined
}

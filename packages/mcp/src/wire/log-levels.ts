import { LOG_LEVELS, type LogLevel } from '../mcp-session.ts'

/** How urgent a message must be for a client of the handshake era to hear of it, by its session. A hint: this gateway alone knows it. */
export interface LogLevels {
  readonly set: (sessionId: string, level: LogLevel) => void
  readonly of: (sessionId: string | undefined) => LogLevel
}

const MOST_SESSIONS = 10_000
/** MCP 2025-11-25, Setting Log Level: who has asked for nothing is told what the server decides. */
const USUAL: LogLevel = 'info'

export function createLogLevels(mostSessions = MOST_SESSIONS): LogLevels {
  const levels = new Map<string, LogLevel>()
  return {
    set: (sessionId, level) => {
      levels.delete(sessionId)
      levels.set(sessionId, level)
      for (const oldest of levels.keys()) {
        if (levels.size <= mostSessions) break
        levels.delete(oldest)
      }
    },
    of: (sessionId) => (sessionId === undefined ? USUAL : (levels.get(sessionId) ?? USUAL)),
  }
}

export function isAsUrgent(level: LogLevel, wanted: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(wanted)
}

export function isLogLevel(value: unknown): value is LogLevel {
  return LOG_LEVELS.some((level) => level === value)
}

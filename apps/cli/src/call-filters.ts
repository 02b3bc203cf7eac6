import type { AnyCommand } from './command.ts'
import { readTime } from './read-time.ts'
import { wholeNumber } from './whole-number.ts'

/** The options by which commands say which calls they mean. */
export function withCallFilters<T extends AnyCommand>(command: T): T {
  return command
    .option('--server <slug>', 'only those of one server')
    .option('--tool <name>', 'only those of one tool, by its name on the server')
    .option('--key <id>', 'only those of one access key')
    .option('--caller <name>', 'only those of one caller')
    .option('--client <name>', 'only those of one MCP client')
    .option('--road <road>', 'only those that came so: direct, search, code, composite, resource or try')
    .option('--parent <call>', 'only those that one call made')
    .option('--outcome <outcome>', 'only those that ended so: ok, or why one failed')
    .option('--status <number>', 'only those that the API answered so', wholeNumber)
    .option('--failed', 'only those that failed')
    .option('--slower <ms>', 'only those that took so many milliseconds or more', wholeNumber)
    .option('--trace <id>', 'only those of one trace')
    .option('--since <time>', 'only those that began then or later: 2h, 7d, or a time', readTime)
    .option('--until <time>', 'only those that began before', readTime) as T
}

export interface CallOptions {
  readonly server?: string
  readonly tool?: string
  readonly key?: string
  readonly caller?: string
  readonly client?: string
  readonly road?: string
  readonly parent?: string
  readonly outcome?: string
  readonly status?: number
  readonly failed?: true
  readonly slower?: number
  readonly trace?: string
  readonly since?: string
  readonly until?: string
}

/** As the admin API asks for them. */
export function callQuery({ key, slower, trace, ...options }: CallOptions) {
  const { server, tool, caller, client, road, parent, outcome, status, failed, since, until } = options
  const same = { server, tool, caller, client, road, parent, outcome, status, failed, since, until }
  return { ...same, callerId: key, minMs: slower, traceId: trace }
}

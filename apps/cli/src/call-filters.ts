import {
  boundsOf,
  CACHE_USES,
  CALL_ENDS,
  CALL_NUMBERS,
  CALL_ROADS,
  type CallFilter,
  type CallNumber,
  TIMED_STAGES,
} from '@sluice/contract'
import { type AnyCommand, UsageFault } from './command.ts'
import { readTime } from './read-time.ts'
import { wholeNumber } from './whole-number.ts'

type Option = readonly [flags: string, description: string, read?: (text: string) => unknown]

/** What the admin API filters by, and the option that says it; of numbers see below. */
const OPTIONS: Readonly<Record<Exclude<keyof CallFilter, Bound>, Option>> = {
  server: ['--server <slug>', 'only those of one server'],
  tool: ['--tool <name>', 'only those of one tool, by its name on the server'],
  toolId: ['--tool-id <id>', 'only those of one tool, however it was named'],
  operationVersion: ['--operation-version <id>', 'only those that were served that version'],
  specRevision: ['--spec-revision <id>', 'only those that were served what that revision brought'],
  callerId: ['--key <id>', 'only those of one access key'],
  caller: ['--caller <name>', 'only those of one caller'],
  client: ['--client <name>', 'only those of one MCP client'],
  clientVersion: ['--client-version <version>', 'only those of that version of clients'],
  road: ['--road <road>', `only those that came so: ${oneOf(CALL_ROADS)}`],
  parent: ['--parent <call>', 'only those that one call made'],
  outcome: ['--outcome <outcome>', `only those that ended so: ${oneOf(CALL_ENDS)}`],
  status: ['--status <number>', 'only those that the API answered so', wholeNumber],
  cache: ['--cache <use>', `only those of which the cache did so: ${oneOf(CACHE_USES)}`],
  traceId: ['--trace <id>', 'only those of one trace'],
  failed: ['--failed', 'only those that failed'],
  reckoned: ['--reckoned', 'only those whose tokens were reckoned, not counted'],
  stage: ['--stage <stage>', `only those that came through it: ${oneOf(TIMED_STAGES)}`],
  minStageMs: ['--min-stage-ms <ms>', 'only those whose stage, or any, took so many milliseconds or more', anyNumber],
  since: ['--since <time>', 'only those that began then or later: 2h, 7d, or a time', readTime],
  until: ['--until <time>', 'only those that began before', readTime],
}

type Bound = ReturnType<typeof boundsOf>['least' | 'most']

const NUMBERS = Object.entries(CALL_NUMBERS).flatMap(([name, words]): Array<[string, Option]> => {
  const { least, most } = boundsOf(name as CallNumber)
  return [
    [least, [`--${kebab(least)} <number>`, `only those of at least so many ${words}`, anyNumber]],
    [most, [`--${kebab(most)} <number>`, `only those of at most so many ${words}`, anyNumber]],
  ]
})

const FILTERS: ReadonlyArray<readonly [string, Option]> = [...Object.entries(OPTIONS), ...NUMBERS]

/** The options by which commands say which calls they mean. */
export function withCallFilters<T extends AnyCommand>(command: T): T {
  for (const [, [flags, description, read]] of FILTERS)
    if (read) command.option(flags, description, read)
    else command.option(flags, description)
  return command
}

/** What was given of them, by the names that commander makes of them. */
export type CallOptions = Readonly<Record<string, unknown>>

/** As the admin API asks for them. */
export function callQuery(options: CallOptions): CallFilter {
  return Object.fromEntries(FILTERS.map(([name, [flags]]) => [name, options[attributeOf(flags)]]))
}

/** `--min-ms <number>` is `minMs`. */
function attributeOf(flags: string): string {
  return flags
    .slice('--'.length)
    .split(' ', 1)[0]!
    .replaceAll(/-(.)/g, (_all, letter: string) => letter.toUpperCase())
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function oneOf(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** An option's number, which may be less than 1. @throws UsageFault */
function anyNumber(text: string): number {
  if (/^-?\d{1,15}(\.\d{1,9})?$/.test(text)) return Number(text)
  throw new UsageFault(`"${text}" is no number.`)
}

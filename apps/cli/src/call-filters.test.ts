import { CallFilter } from '@sluice/contract'
import { describe, expect, test } from 'vitest'
import { callQuery, withCallFilters } from './call-filters.ts'
import { type AnyCommand, command, UsageFault } from './command.ts'

/** What the admin API is asked for, of these arguments. */
function asked(...args: string[]): object {
  const parsed = withCallFilters(command('logs', 'about', []) as AnyCommand).parse(args, { from: 'user' })
  return JSON.parse(JSON.stringify(callQuery(parsed.opts())))
}

describe('the options by which calls are meant', () => {
  test('ask for all that the admin API filters by', () => {
    expect(Object.keys(callQuery({})).toSorted()).toEqual(Object.keys(CallFilter.properties).toSorted())
  })

  test.each<[string[], object]>([
    [['--key', 'key_1', '--trace', 'a1'], { callerId: 'key_1', traceId: 'a1' }],
    [['--tool-id', 'tool_1', '--operation-version', 'ver_1'], { toolId: 'tool_1', operationVersion: 'ver_1' }],
    [['--spec-revision', 'rev_1', '--client-version', '2.1'], { specRevision: 'rev_1', clientVersion: '2.1' }],
    [['--cache', 'hit', '--reckoned', '--failed'], { cache: 'hit', reckoned: true, failed: true }],
    [['--stage', 'upstream', '--min-stage-ms', '0.5'], { stage: 'upstream', minStageMs: 0.5 }],
    [['--min-ms', '500', '--max-ms', '900'], { minMs: 500, maxMs: 900 }],
    [['--max-retries', '0', '--max-saved-tokens', '-1'], { maxRetries: 0, maxSavedTokens: -1 }],
    [['--since', '2030-01-31T12:00:00Z'], { since: '2030-01-31T12:00:00.000Z' }],
  ])('%j asks for %j', (args, query) => {
    expect(asked(...args)).toEqual(query)
  })

  test('a number or a time that is none is told', () => {
    expect(() => asked('--min-bytes', 'many')).toThrow(UsageFault)
    for (const time of ['yesterday', '999999999999d']) expect(() => asked('--since', time)).toThrow(UsageFault)
  })
})

import { isDeepStrictEqual } from 'node:util'
import { type Client, type Seen, TASK, type TaskCall } from './client.ts'
import { parsed } from './parsed.ts'
import type { Exchange } from './record-requests.ts'

/** What there is to be seen. */
export interface Truth {
  /** The names of all tools. */
  readonly tools: readonly string[]
  /** What the API itself answers the calls that it answers. */
  readonly read: unknown
  readonly search: unknown
}

/** What is wrong with what a client showed, by what went over the wire and what the API itself says. */
export function judgeTrial(
  { toolName }: Pick<Client, 'toolName'>,
  { tools, results }: Seen,
  exchanges: readonly Exchange[],
  truth: Truth,
): string[] {
  const want = truth.tools.map(toolName).toSorted()
  const got = tools.toSorted()
  return [
    isDeepStrictEqual(got, want) ? '' : `it lists ${got.join(', ') || 'nothing'} instead of ${want.join(', ')}`,
    isDeepStrictEqual(parsed(results.read), truth.read) ? '' : `what it read is not the API's answer:\n${results.read}`,
    isDeepStrictEqual(parsed(results.search), truth.search)
      ? ''
      : `what it found is not the API's answer:\n${results.search}`,
    results.miss.includes(MISSING) ? '' : `the failure does not say "${MISSING}":\n${results.miss}`,
    exchanges.some(({ message }) => message.method === 'tools/list') ? '' : 'no tools/list reached the gateway',
    ...Object.entries(TASK).map(([name, call]) =>
      isErrorOf(exchanges, call) === (name === 'miss')
        ? ''
        : `the gateway saw no call "${name}", or answered it otherwise`,
    ),
  ].filter(Boolean)
}

const MISSING = `There is no book at /v1/books/${TASK.miss.arguments.book_id}.`

/** Whether the result of a call is an error, by what went over the wire; undefined where it was not made. */
function isErrorOf(exchanges: readonly Exchange[], call: TaskCall): boolean | undefined {
  const made = exchanges.find(
    ({ message: { method, params } }) =>
      method === 'tools/call' && params?.name === call.tool && isDeepStrictEqual(params.arguments, call.arguments),
  )
  return made && /"isError":true/.test(made.answer)
}

import { type FailureKind, PROBLEMS } from '@sluice/contract'

/** The page of everything that can be refused or fail, by its code, and what to do. */
export function problemsPage(): string {
  const problems = Object.entries(PROBLEMS).map(
    ([code, { status, title, advice }]) => `### ${code}\n\n${status}. ${title}.\n\n${advice}\n`,
  )
  const failures = Object.entries(FAILURES).map(([kind, [means, todo]]) => `| \`${kind}\` | ${means} | ${todo} |`)
  return `# Problems, by their code

What the admin API, the command line and the MCP endpoint refuse has a code, which stays the same in every release; what failed inside a call has a kind.
\`detail\` says what happened this time, \`errors\` where.

## When a request is refused

\`\`\`
HTTP/1.1 404 Not Found
content-type: application/problem+json

{"type":"urn:sluice:problem:not-found","title":"There is no such thing here","status":404,"code":"not-found","detail":"There is no such server.","requestId":"…"}
\`\`\`

The command line says \`detail\` and what to do; with \`--json\` it prints the code as well.

${problems.join('\n')}
## When a call fails

A failed call is a result that the agent reads: its text says what to do next. \`sluice logs --failed\` shows these words, \`sluice logs\` and the id of a call what
was behind it.

| Kind | Means | What to do |
|---|---|---|
${failures.join('\n')}
`
}

const FAILURES: Readonly<Record<FailureKind, readonly [means: string, todo: string]>> = {
  arguments: [
    'The arguments do not fit the document; nothing was sent.',
    'Nothing, if the agent mends them: it is told how. If it happens often, describe the argument (`sluice tools edit --describe`).',
  ],
  'needs-authorization': [
    'A credential is missing, or the API refused it.',
    '`sluice credential set` and `test`: [use credentials](../how-to/use-credentials.md).',
  ],
  upstream: [
    'The API answered with an error, or could not be reached.',
    'The status and what the API said stand in the result; `sluice tools try` shows each stage of the call.',
  ],
  timeout: [
    'The call took longer than it may (`CALL_TIMEOUT_MS`).',
    'Ask the API for less, such as a smaller page; `sluice logs` and the id of the call say which stage took the time.',
  ],
  blocked: [
    'It may not be made: a private address, a limit of calls, the very same call again and again, an API that is left alone for a while.',
    'The result says which. `sluice upstreams allow` for an address; `sluice key edit` or `sluice servers edit` for a limit.',
  ],
  interceptor: [
    'An interceptor or a response filter failed.',
    '`sluice tools try` shows where; mend it or take it away with `sluice tools edit`.',
  ],
  code: [
    'Code that an agent wrote, or a composite, failed.',
    'The agent is told the line. A composite: `sluice composites test`.',
  ],
  'too-large': [
    'The answer of the API was larger than is read.',
    'Ask for less. What is read but larger than a result is cut instead, and the agent can read on.',
  ],
  cancelled: ['The client went away, or said that it does not need the answer.', 'Nothing.'],
}

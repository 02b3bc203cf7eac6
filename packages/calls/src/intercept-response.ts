import { type Call, CallFailure } from '@sluice/contract'
import { isObject, parseJson, stringifyJson } from '@sluice/schema'
import type { FixedArguments } from './fixed-arguments.ts'
import { type InterceptDeps, type Interceptor, interceptorsOf, runInterceptors } from './intercept.ts'
import { isJsonType, type ResponseBody } from './read-response.ts'

/**
 * The answer after the interceptors of the upstream and of the tool, on failures too. Echoes of secrets are masked already.
 * @throws CallFailure of kind `interceptor`
 */
export function interceptResponse(
  answer: ResponseBody,
  call: Call,
  fixed: FixedArguments,
  deps: InterceptDeps,
): ResponseBody | Promise<ResponseBody> {
  const interceptors = interceptorsOf(call, 'response')
  return interceptors.length === 0 ? answer : intercepted(answer, interceptors, call, fixed, deps)
}

async function intercepted(
  answer: ResponseBody,
  interceptors: readonly Interceptor[],
  call: Call,
  fixed: FixedArguments,
  deps: InterceptDeps,
): Promise<ResponseBody> {
  const headers = Object.fromEntries(answer.headers)
  const body = answer.kind === 'json' ? answer.text : answer.kind === 'text' ? JSON.stringify(answer.text) : 'null'
  const before = `{"status":${answer.status},"headers":${JSON.stringify(headers)},"body":${body}}`
  const made = parseJson(await runInterceptors(interceptors, before, call, fixed, deps))
  const refuse = (what: string) =>
    new CallFailure('interceptor', `A response interceptor of the tool "${call.tool.name}" ${what}`)
  if (!isObject(made)) throw refuse('returned no response.')
  const { status } = made
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599)
    throw refuse('returned a response without a status of HTTP.')
  const about = { ...answer, status, headers: headersOf(made.headers, headers, answer, refuse) }
  return withBody(about, made.body, body)
}

function headersOf(
  made: unknown,
  before: Readonly<Record<string, string>>,
  answer: ResponseBody,
  refuse: (what: string) => CallFailure,
): ResponseBody['headers'] {
  if (!isObject(made)) throw refuse('returned headers that are no object.')
  if (stringifyJson(made) === stringifyJson(before)) return answer.headers
  return Object.entries(made).map(([name, value]) => [name.toLowerCase(), String(value)] as const)
}

/** What is no text stays as it is where the interceptor left `null` for it. */
function withBody(answer: ResponseBody, made: unknown, before: string): ResponseBody {
  const { status, headers, mimeType } = answer
  if (made === undefined || made === null)
    return before === 'null' ? answer : { status, headers, mimeType, kind: 'empty' }
  if (typeof made === 'string' && answer.kind !== 'json') return { status, headers, mimeType, kind: 'text', text: made }
  return {
    status,
    headers,
    mimeType: isJsonType(mimeType) ? mimeType : 'application/json',
    kind: 'json',
    text: stringifyJson(made),
  }
}

import { type Call, CallFailure, headerValue } from '@sluice/contract'
import { minifyJson } from '@sluice/schema'
import type { ResponseBody } from './read-response.ts'

/**
 * An answer of 3xx, 4xx or 5xx ends the call with a message that says what the API said and what to do next (B130 to B133).
 * @throws CallFailure of kind `upstream` or `needs-authorization`
 */
export function refuseFailure(body: ResponseBody, call: Call): void {
  const { status } = body
  if (status >= 200 && status < 300) return
  const said = whatItSaid(body)
  const message = [`The API answered ${status}.`, adviceFor(body, call), said ? `It said: ${said}` : '']
    .filter(Boolean)
    .join(' ')
  throw new CallFailure(status === 401 ? 'needs-authorization' : 'upstream', message, { status })
}

const MOST_CHARS = 2_000

function whatItSaid(body: ResponseBody): string {
  if (body.kind !== 'json' && body.kind !== 'text') return ''
  const text = body.kind === 'json' ? minifyJson(body.text) : body.text.trim()
  return text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS)}… (${text.length} characters in all)` : text
}

function adviceFor({ status, headers }: ResponseBody, call: Call): string {
  if (status >= 300 && status < 400) {
    const to = headerValue(headers, 'location')
    return `It redirects${to ? ` to ${to}` : ''}; redirects are not followed. The operator can correct the base URL.`
  }
  switch (status) {
    case 400:
    case 422:
      return 'Check the arguments against the tool’s schema.'
    case 401:
      return `The credential of upstream "${call.upstream.slug}" is missing or was refused; the operator must set it again.`
    case 403:
      return 'The stored credential may not do this; another tool or more rights are needed.'
    case 404:
      return notFound(call)
    case 429:
    case 503:
      return `Try again ${waitOf(headerValue(headers, 'retry-after'))}.`
    default:
      return status >= 500 ? 'The fault is on the API’s side; trying again later may help.' : ''
  }
}

function notFound(call: Call): string {
  const names = call.tool.operation.parameters
    .filter((binding) => binding.in === 'path')
    .map(({ argument }) => argument)
  return names.length > 0 ? `Nothing is there: check ${names.join(', ')}.` : 'Nothing is there.'
}

/** RFC 9110 10.2.3: seconds or a date. */
function waitOf(retryAfter: string | undefined): string {
  if (retryAfter === undefined) return 'later'
  return /^\d+$/.test(retryAfter) ? `in ${retryAfter} s` : `after ${retryAfter}`
}

import type { AnswerValue, CallOutcome } from '@sluice/contract'
import { base64 } from './base64.ts'
import type { ResponseBody } from './read-response.ts'

/** An answer that code reads: all of it, as it is. */
export function valueAnswer(answer: ResponseBody): Extract<CallOutcome, { ok: true }> {
  const headers = Object.fromEntries(
    answer.headers.filter(([name]) => TOLD.test(name)).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const value: AnswerValue = { json: jsonOf(answer), headers }
  return { ok: true, status: answer.status, content: [], value }
}

/** What is said of the answer; none of what keeps a session or speaks of those who serve it. */
const TOLD =
  /^(?:content-(?:type|language|disposition|range)|location|link|etag|last-modified|expires|retry-after|date|x-total-count|x-request-id|(?:x-)?rate-?limit(?:-.*)?|x-[\w-]*(?:page|cursor|count|total)[\w-]*)$/i

function jsonOf(answer: ResponseBody): string {
  switch (answer.kind) {
    case 'json':
      return answer.text
    case 'text':
      return JSON.stringify(answer.text)
    case 'empty':
      return 'null'
    case 'parts':
      return `[${answer.parts.map(jsonOf).join(',')}]`
    default:
      return JSON.stringify(base64(answer.bytes))
  }
}

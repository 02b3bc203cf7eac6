import { type AnswerValue, CallFailure, type CallOutcome } from '@sluice/contract'
import { base64 } from './base64.ts'
import type { ResponseBody } from './read-response.ts'

/** An answer that code reads: all of it, as it is. Code would take a part of a stream for the whole. @throws CallFailure */
export function valueAnswer(answer: ResponseBody): Extract<CallOutcome, { ok: true }> {
  const { status } = answer
  if (answer.isPart) {
    const message = 'The API sends this as a stream that did not end; the body of this error is what came.'
    throw new CallFailure('upstream', message, { status, said: jsonOf(answer) })
  }
  const headers = Object.fromEntries(
    answer.headers.filter(([name]) => TOLD.test(name)).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const value: AnswerValue = { json: jsonOf(answer), headers }
  return { ok: true, status, content: [], value }
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

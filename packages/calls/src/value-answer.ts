import { type AnswerValue, CallFailure, type CallOutcome } from '@sluice/contract'
import { base64 } from './base64.ts'
import { isPlumbing } from './is-plumbing.ts'
import type { ResponseBody } from './read-response.ts'

/** An answer that code reads: all of it, as it is. Code would take a part of a stream for the whole. @throws CallFailure */
export function valueAnswer(answer: ResponseBody, isHead = false): Extract<CallOutcome, { ok: true }> {
  const { status } = answer
  if (answer.isPart) {
    const message = 'The API sends this as a stream that did not end; the body of this error is what came.'
    throw new CallFailure('upstream', message, { status, said: jsonOf(answer) })
  }
  const value: AnswerValue = { json: jsonOf(answer), headers: headersOf(answer, isHead) }
  return { ok: true, status, content: [], value }
}

/** By name; the values of one that stands several times are a list (RFC 9110 5.3). */
function headersOf({ headers }: ResponseBody, isHead: boolean): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [given, value] of headers) {
    const name = given.toLowerCase()
    // Who asked for the headers alone is given them.
    if (isHead ? isPlumbing(name) : !TOLD.test(name)) continue
    values[name] = Object.hasOwn(values, name) ? `${values[name]}, ${value}` : value
  }
  return values
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

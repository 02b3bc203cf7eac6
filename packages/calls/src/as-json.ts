import { isJson } from './is-json.ts'
import type { ResponseBody } from './read-response.ts'

/** An answer that is JSON, also where it says that it is another text, as of many APIs (text/html, text/plain); nothing where it is none. */
export function asJson(answer: ResponseBody): Extract<ResponseBody, { kind: 'json' }> | undefined {
  if (answer.kind !== 'text') return answer.kind === 'json' ? answer : undefined
  const looksSo = !answer.isPart && /^\s*[[{]/.test(answer.text)
  return looksSo && isJson(answer.text) ? { ...answer, kind: 'json' } : undefined
}

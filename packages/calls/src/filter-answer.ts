import { type Call, CallFailure } from '@sluice/contract'
import type { ResponseBody } from './read-response.ts'

export interface FilterDeps {
  /** JSON text in, JSON text out. @throws CallFailure of kind `interceptor` or `timeout` */
  readonly filter: (expression: string, body: string, limits: { readonly deadline: number }) => Promise<string>
}

/** What the response filters of the upstream and then of the tool select. An empty answer has nothing to filter. */
export async function filterAnswer(answer: ResponseBody, call: Call, { filter }: FilterDeps): Promise<ResponseBody> {
  const filters = [call.upstream.responseFilter, call.tool.responseFilter].filter((one) => one !== undefined)
  if (filters.length === 0 || answer.kind === 'empty') return answer
  // What is not JSON never passes unfiltered.
  if (answer.kind !== 'json') {
    const detail = `The response filter of ${call.tool.name} needs JSON, but the API answered ${answer.mimeType}.`
    throw new CallFailure('interceptor', detail)
  }
  let { text } = answer
  for (const expression of filters) text = await filter(expression, text, { deadline: call.deadline })
  return { ...answer, text }
}

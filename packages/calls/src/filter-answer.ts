import { type Call, CallFailure } from '@sluice/contract'
import { asJson } from './as-json.ts'
import { brokenJson } from './broken-json.ts'
import type { ResponseBody } from './read-response.ts'

export interface FilterDeps {
  /** JSON text in, JSON text out. @throws CallFailure of kind `interceptor` or `timeout` */
  readonly filter: (
    expression: string,
    body: string,
    limits: { readonly deadline: number; readonly workspaceId: string },
  ) => Promise<string>
}

/** What the response filters of the upstream and then of the tool select. An empty answer has nothing to filter. */
export function filterAnswer(answer: ResponseBody, call: Call, deps: FilterDeps): ResponseBody | Promise<ResponseBody> {
  const filters = [call.upstream.responseFilter, call.tool.responseFilter].filter((one) => one !== undefined)
  return filters.length === 0 || answer.kind === 'empty' ? answer : filtered(answer, filters, call, deps)
}

async function filtered(
  answer: ResponseBody,
  filters: readonly string[],
  call: Call,
  { filter }: FilterDeps,
): Promise<ResponseBody> {
  const json = asJson(answer)
  // What is not JSON never passes unfiltered.
  if (!json) {
    const broken = brokenJson(answer)
    const what = broken ? `what the API answered as ${broken}` : `the API answered ${answer.mimeType}`
    const detail = `The response filter of ${call.tool.name} needs JSON, but ${what}.`
    throw new CallFailure('interceptor', detail)
  }
  let { text } = json
  const limits = { deadline: call.deadline, workspaceId: call.caller.workspaceId }
  for (const expression of filters) text = await filter(expression, text, limits)
  return { ...json, text }
}

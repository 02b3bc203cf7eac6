import { type Call, type CallOutcome, LIMITS } from '@sluice/contract'
import type { Continuations } from './continuations.ts'
import type { Projected } from './project-answer.ts'
import { readerOf } from './reader-of.ts'
import { structureAnswer } from './structure-answer.ts'
import { tellHeaders } from './tell-headers.ts'
import { tellMore } from './tell-more.ts'
import { type Part, textBlock, toResult } from './to-result.ts'
import { valueAnswer } from './value-answer.ts'
import { wholeAnswer } from './whole-answer.ts'

export interface PresentDeps {
  /** Absent: nothing can be read on. */
  readonly continuations?: Continuations
}

/**
 * What the model is shown of an answer, with what is to be said of it beside. What is cut is kept for who reads on; that it was cut
 * comes first, since some clients cut a result once more, at its end.
 */
export function presentAnswer(
  { answer, note }: Projected,
  next: string,
  call: Call,
  deps: PresentDeps,
): Extract<CallOutcome, { ok: true }> {
  if (call.reader === 'resource') return wholeAnswer(answer, call.tool.name)
  const { outputSchema, operation } = call.tool
  const isHead = operation.method === 'HEAD'
  if (call.reader === 'code') return valueAnswer(answer, isHead)
  const { content, part } = toResult(answer, {
    isTwofold: outputSchema !== undefined,
    isHead,
    ...(call.resultBytes === undefined ? {} : { maxBytes: call.resultBytes }),
  })
  const handle = part && keep(part, call, deps)
  const notes = [note, tellMore(next, call, part, handle), tellHeaders(answer, call)].filter((one) => one !== '')
  const said = notes.map(textBlock)
  return {
    ok: true,
    status: answer.status,
    content: part ? [...said, ...content] : [...content, ...said],
    ...(part ? { isPart: true } : {}),
    ...(outputSchema ? { structured: structureAnswer(answer, [...content, ...said], outputSchema) } : {}),
  }
}

function keep({ whole, bytes }: Part, { caller, tool }: Call, { continuations }: PresentDeps): string | undefined {
  if (bytes > LIMITS.keptAnswerBytes) return undefined
  return continuations?.keep(readerOf(caller), { ...whole, toolId: tool.id })
}

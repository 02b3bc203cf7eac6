import { LIMITS } from '@sluice/contract'
import { type JsonForm, scanJson } from '@sluice/schema'

/** How a text is written that is JSON which can be walked: what is nested without end is a text. */
export function walkableForm(text: string): JsonForm | undefined {
  return scanJson(text, LIMITS.answerDepth)
}

export function isJson(text: string): boolean {
  return walkableForm(text) !== undefined
}

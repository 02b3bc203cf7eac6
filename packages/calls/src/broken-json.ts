import { LIMITS } from '@sluice/contract'
import { isJsonType, type ResponseBody } from './read-response.ts'

/** What is the matter with an answer that is declared to be JSON and was read as a text; nothing where it is declared to be another thing. */
export function brokenJson({ mimeType, ...answer }: ResponseBody): string | undefined {
  if (answer.kind !== 'text' || !isJsonType(mimeType)) return undefined
  return `${mimeType} is ${isParsed(answer.text) ? `nested more than ${LIMITS.answerDepth} deep` : 'no valid JSON'}`
}

function isParsed(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

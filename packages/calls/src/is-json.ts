import { LIMITS } from '@sluice/contract'
import { isDeeperThan } from '@sluice/schema'

/** Whether a text is JSON that can be walked: what is nested without end is a text. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return !isDeeperThan(text, LIMITS.answerDepth)
  } catch {
    return false
  }
}

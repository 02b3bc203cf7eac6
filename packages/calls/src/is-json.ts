import { LIMITS } from '@sluice/contract'
import { type ReadJson, readJson } from '@sluice/schema'

/** What a text says that is JSON which can be walked: what is nested without end is a text. */
export function readWalkable(text: string): ReadJson | undefined {
  try {
    const read = readJson(text)
    return read.depth <= LIMITS.answerDepth ? read : undefined
  } catch {
    return undefined
  }
}

export function isJson(text: string): boolean {
  return readWalkable(text) !== undefined
}

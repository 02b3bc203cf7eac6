import { stringifyJson } from '@sluice/schema'
import { plainText } from './plain-text.ts'

/** The value of a parameter with `content`, in its media type: as JSON a text has its quotes, wherever it stands (B66, B94). */
export function contentText(contentType: string, value: unknown): string {
  return isJson(contentType) ? stringifyJson(value) : plainText(value)
}

/** Whether a parameter with `content` is written as JSON. */
export function isJson(contentType: string): boolean {
  return /[/+]json\b/i.test(contentType)
}

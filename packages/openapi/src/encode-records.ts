import { stringifyJson } from '@sluice/schema'

/** One JSON text a line; in a sequence each begins with a record separator too (RFC 7464 2.2). */
export function encodeRecords(contentType: string, value: unknown): string {
  const before = /json-seq\s*(;|$)/i.test(contentType) ? '\u001E' : ''
  return (Array.isArray(value) ? value : [value]).map((item) => `${before}${stringifyJson(item)}\n`).join('')
}

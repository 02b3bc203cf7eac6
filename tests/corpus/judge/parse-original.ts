import { parse } from 'yaml'

/** The document's value, read by another YAML reader than the product's first one. */
export function parseOriginal(text: string): unknown {
  if (/^\s*[{[]/.test(text)) return JSON.parse(text)
  return parse(text, { merge: true, uniqueKeys: false, maxAliasCount: 10_000, logLevel: 'silent' })
}

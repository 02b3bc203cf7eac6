import { isPlain, type Plain } from '../walk-operations.ts'

/**
 * A document without what stands beside a reference, where its version ignores that: "any properties added SHALL be ignored"
 * (OpenAPI 3.0.4, 4.7.23); since 3.1 it counts. Prism lays it over what is referred to in every version. What says that a property
 * is read-only stays: it is read beside references too.
 */
export function withoutSiblings(document: Plain): Plain {
  return ignoresSiblings(document) ? (visit(document) as Plain) : document
}

export function ignoresSiblings({ openapi }: Plain): boolean {
  return openapi === undefined || String(openapi).startsWith('3.0')
}

function visit(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(visit)
  if (!isPlain(value)) return value
  if (typeof value.$ref === 'string') return onlyReference(value)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, visit(member)]))
}

/** A reference with nothing beside it but that it is read-only. */
export function onlyReference({ $ref, readOnly }: Plain): Plain {
  return { $ref, ...(readOnly === true ? { readOnly } : {}) }
}

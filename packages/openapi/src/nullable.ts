import type { JsonSchema } from '@sluice/contract'
import type { Translation } from './translation.ts'

/** `nullable` (3.0) and `x-nullable` (2.0) as a type that takes null (B47); without a type it restricts nothing (B48). */
export function nullable(
  schema: Record<string, unknown>,
  out: Record<string, unknown>,
  { leftOut }: Translation,
): JsonSchema {
  if (!isNullable(schema)) return out
  const isUnion = ['anyOf', 'allOf', 'const'].some((keyword) => keyword in out)
  if (!isUnion) {
    if (Array.isArray(out.enum) && !out.enum.includes(null)) out.enum = [...out.enum, null]
    if (out.type !== undefined) out.type = withNull(out.type)
    return out
  }
  const { description, title, default: fallback, ...rest } = out
  const texts = Object.fromEntries(
    Object.entries({ description, title, default: fallback }).filter(([, value]) => value !== undefined),
  )
  const either = { ...texts, anyOf: [rest, { type: 'null' }] }
  const names = leftOut.get(out)
  if (names) leftOut.set(either, names)
  return either
}

function withNull(type: unknown): unknown {
  const types = [...new Set([type, 'null'].flat())]
  return types.length === 1 ? types[0] : types
}

export function isNullable(schema: Record<string, unknown>): boolean {
  return schema.nullable === true || schema['x-nullable'] === true
}

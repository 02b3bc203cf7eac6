import type { JsonSchema } from '@sluice/contract'
import { hasInvisible } from './invisible-text.ts'

const VALUES = ['const', 'default', 'examples', 'pattern', 'format']

/**
 * One schema without the values that hold what nobody sees (S28): a model would read them. A value cannot be shown without,
 * since the API would not know it.
 */
export function withVisibleValues(schema: JsonSchema): JsonSchema {
  const hidden = VALUES.filter((keyword) => keyword in schema && hasInvisible(schema[keyword]))
  const isListHidden = Array.isArray(schema.enum) && schema.enum.some(hasInvisible)
  if (hidden.length === 0 && !isListHidden) return schema
  const entries = Object.entries(schema).filter(([keyword]) => !hidden.includes(keyword))
  const shown = Object.fromEntries(entries)
  if (!isListHidden) return shown
  const { enum: _enum, ...others } = shown
  const values = (schema.enum as unknown[]).filter((value) => !hasInvisible(value))
  return values.length > 0 ? { ...others, enum: values } : others
}

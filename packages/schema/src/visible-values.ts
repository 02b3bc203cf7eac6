import type { JsonSchema } from '@sluice/contract'
import { hasInvisible } from './invisible-text.ts'

const VALUES = ['const', 'default', 'examples', 'pattern', 'format']

/**
 * One schema without the values that hold what nobody sees (S28): a model would read them. A value cannot be shown without,
 * since the API would not know it.
 */
export function withVisibleValues(schema: JsonSchema): JsonSchema {
  const hidden = VALUES.filter((keyword) => keyword in schema && isHidden(schema[keyword]))
  const isListHidden = Array.isArray(schema.enum) && schema.enum.some(isHidden)
  if (hidden.length === 0 && !isListHidden) return schema
  const entries = Object.entries(schema).filter(([keyword]) => !hidden.includes(keyword))
  const shown = Object.fromEntries(entries)
  if (!isListHidden) return shown
  const { enum: _enum, ...others } = shown
  const values = (schema.enum as unknown[]).filter((value) => !isHidden(value))
  return values.length > 0 ? { ...others, enum: values } : others
}

/** Between letters or pictures a joiner is ordinary writing, in Persian for instance. */
function isHidden(value: unknown): boolean {
  return hasInvisible(value) && hasInvisible((JSON.stringify(value) ?? '').replaceAll(JOINERS, ''))
}

const JOINERS =
  /(?<=\p{L}|\p{M}|\p{Emoji_Presentation}|\uFE0F)[\u200C\u200D](?=\p{L}|\p{Emoji_Presentation}|[\u2640\u2642\u2764])/gu

import type { JsonSchema } from '@sluice/contract'
import { isExactNumber } from './exact-json.ts'
import { asStrings, isObject } from './walk-schema.ts'

/** The types that a schema takes: those it declares and has values for, or those of its values or members. */
export function typesOf(schema: JsonSchema): string[] {
  const declared = typeof schema.type === 'string' ? [schema.type] : asStrings(schema.type)
  const values = valuesOf(schema)
  if (values) {
    const withValues = declared.filter((type) => values.some((value) => isOfType(value, type)))
    return withValues.length > 0 ? withValues : typesOfAll(values)
  }
  if (declared.length > 0) return declared
  if (isObject(schema.properties)) return ['object']
  return 'items' in schema || 'prefixItems' in schema ? ['array'] : []
}

/** The only values that a schema takes, if it lists them. */
export function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  if ('const' in schema) return [schema.const]
  return Array.isArray(schema.enum) ? schema.enum : undefined
}

/** What a schema says of values of one of its types, without its texts. */
export function ofType(schema: JsonSchema, type: string): JsonSchema {
  const kept = (KEYWORDS[type] ?? []).filter((keyword) => keyword in schema)
  const values = valuesOf(schema)?.filter((value) => isOfType(value, type))
  return {
    type,
    ...Object.fromEntries(kept.map((keyword) => [keyword, schema[keyword]])),
    ...(values ? { enum: values } : {}),
  }
}

const OF_NUMBERS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']

const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: OF_NUMBERS,
  integer: OF_NUMBERS,
  array: ['items', 'prefixItems', 'minItems', 'maxItems'],
  object: ['properties', 'required'],
}

function isOfType(value: unknown, type: string): boolean {
  const own = typeOf(value)
  return own === type || (own === 'integer' && type === 'number')
}

export function typesOfAll(values: readonly unknown[]): string[] {
  const types = [...new Set(values.map(typeOf))]
  return types.includes('number') ? types.filter((type) => type !== 'integer') : types
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  const number = isExactNumber(value) ? Number(value.rawJSON) : value
  return Number.isInteger(number) ? 'integer' : typeof number
}

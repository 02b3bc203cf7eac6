import { isPlain, type Plain } from '../walk-operations.ts'

/**
 * A document whose schemas can be met. Authors require a property that the schema neither has nor takes, and close a schema for the
 * properties of the parts that it builds on. Authors write
 * `type: string, enum: [2, 3]` or `enum: [no, maybe]`, where YAML reads a boolean, or give a list the `enum` of its items: no value
 * is of the type and what is named (JSON Schema Validation 6.1.1, 6.1.2). What they meant: the items of a list are named, numbers
 * and booleans count as text too, and the type is left out where it has none of the values.
 */
export function withoutContradictions(document: Plain): Plain {
  return visit(document) as Plain
}

function visit(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(visit)
  if (!isPlain(value)) return value
  const copy = withoutImpossible(Object.fromEntries(Object.entries(value).map(([key, member]) => [key, visit(member)])))
  const { enum: named, type } = copy
  if (!Array.isArray(named) || typeof type !== 'string') return copy
  if (named.some((item) => isOf(type, item)))
    return type === 'string' ? { ...copy, enum: [...new Set([...named, ...named.filter(isScalar).map(String)])] } : copy
  if (type === 'array') {
    const { enum: _enum, ...list } = copy
    return { ...list, items: { ...(isPlain(copy.items) ? copy.items : {}), enum: named } }
  }
  const { type: _type, ...rest } = copy
  return { ...rest, enum: [...new Set([...named, ...named.map(String)])] }
}

/** JSON Schema Validation 6.5.3 against Core 10.3.2.3: what is required, or described by a part, and refused at once. */
function withoutImpossible(schema: Plain): Plain {
  const { additionalProperties, ...open } = schema
  const { required, properties, allOf, anyOf, oneOf } = open
  if (additionalProperties === false && [allOf, anyOf, oneOf].some(Array.isArray)) return open
  if (!Array.isArray(required) || additionalProperties !== false || !isPlain(properties)) return schema
  return { ...schema, required: required.filter((name) => Object.hasOwn(properties, String(name))) }
}

function isScalar(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean'
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  return type === (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value)
}

import { follow, isPlain, type Plain } from '../walk-operations.ts'

/** A document without the properties that are read-only, and without their names in any `required` beside or around them. */
export function withoutReadOnly(document: Plain): Plain {
  return strip(document, document, [])
}

function strip(value: unknown, root: Plain, around: readonly string[]): Plain {
  return stripAny(value, root, around) as Plain
}

/** `around` holds the read-only names that a schema shares with those which it is composed with. */
function stripAny(value: unknown, root: Plain, around: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => stripAny(item, root, []))
  if (!isPlain(value)) return value
  const hidden = [...around, ...readOnlyNames(root, value, [])]
  const entries = Object.entries(value).map(([key, member]): [string, unknown] => {
    if (key === 'properties' && isPlain(member)) return [key, stripProperties(member, root)]
    if (key === 'required' && Array.isArray(member)) return [key, member.filter((name) => !hidden.includes(name))]
    if (COMBINATORS.includes(key) && Array.isArray(member))
      return [key, member.map((part) => stripAny(part, root, hidden))]
    return [key, stripAny(member, root, [])]
  })
  return Object.fromEntries(entries.filter(([key, member]) => key !== 'required' || !isEmptyList(member)))
}

const COMBINATORS = ['allOf', 'oneOf', 'anyOf']

function stripProperties(properties: Plain, root: Plain): Plain {
  const kept = Object.entries(properties).filter(([, property]) => !isReadOnly(root, property))
  return Object.fromEntries(kept.map(([name, property]) => [name, stripAny(property, root, [])]))
}

function readOnlyNames(root: Plain, schema: Plain, open: readonly unknown[]): string[] {
  if (open.includes(schema) || open.length > 16) return []
  const properties = isPlain(schema.properties) ? Object.entries(schema.properties) : []
  const own = properties.filter(([, property]) => isReadOnly(root, property)).map(([name]) => name)
  const parts = COMBINATORS.flatMap((key) => (Array.isArray(schema[key]) ? (schema[key] as unknown[]) : []))
  const more = parts.flatMap((part) => {
    const target = follow(root, part)
    return target ? readOnlyNames(root, target, [...open, schema]) : []
  })
  return [...own, ...more]
}

/** `readOnly` of the property itself, or of what it refers to. */
function isReadOnly(root: Plain, property: unknown): boolean {
  return (isPlain(property) && property.readOnly === true) || follow(root, property)?.readOnly === true
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

import { isPlain, type Plain } from '../walk-operations.ts'

/**
 * A document whose schemas the validator can compile. Prism takes a request for right where it cannot compile the schema, so
 * nothing else of that schema would be judged either. What stops it:
 *
 * - `nullable` without a `type`, which says nothing (OpenAPI 3.0.4, 4.7.24.1: it "adds `null` to the allowed type specified by
 *   the `type` keyword, only if `type` is explicitly defined")
 * - a `pattern` that is none by the `u` flag (JSON Schema 2020-12, Core 6.4), by which a character that needs no backslash may
 *   have none: it loses them, and is left out where it is still none
 * - a value that an `enum` or `required` has twice, once says the same; null in an `enum` beside `nullable`, which Prism adds; and
 *   an `enum` of nothing (JSON Schema 2020-12, Validation 6.1.2: it "SHOULD have at least one element")
 * - a `type` that is an object, where a level of `properties` was forgotten, or that JSON Schema does not have (`file` of Swagger)
 * - a `required` of a schema that is no list, which is how parameters and bodies have it
 */
export function withoutUncompilable(document: Plain): Plain {
  return visit(document) as Plain
}

function visit(value: unknown, isMap = false): unknown {
  if (Array.isArray(value)) return value.map((item) => visit(item))
  if (!isPlain(value)) return value
  if (isMap) return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, visit(member)]))
  const entries = Object.entries(value).flatMap(([key, member]): Array<[string, unknown]> => {
    if (key === 'nullable' && typeof member === 'boolean' && typeof value.type !== 'string') return []
    if ((key === 'enum' || key === 'required') && Array.isArray(member)) {
      const isAdded = (item: unknown) => item === null && (value.nullable ?? value['x-nullable']) === true
      const listed = unique(member.filter((item) => !isAdded(item)))
      return listed.length > 0 || key === 'required' ? [[key, listed]] : []
    }
    if (key === 'type' && (isPlain(member) || (typeof member === 'string' && !TYPES.has(member)))) return []
    if (key === 'required' && typeof member === 'boolean' && isSchema(value)) return []
    if (key === 'pattern' && typeof member === 'number') return []
    if (key !== 'pattern' || typeof member !== 'string') return [[key, visit(member, MAPS.has(key))]]
    const pattern = [member, withoutBackslashes(member)].find(isPattern)
    return pattern === undefined ? [] : [[key, pattern]]
  })
  return Object.fromEntries(entries)
}

const TYPES = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'])

/** Parameters, headers and bodies have one of these, and schemas none. */
function isSchema(value: Plain): boolean {
  return !['in', 'schema', 'content'].some((key) => key in value)
}

/** Their members have names of the author, which may be those of keywords. */
const MAPS = new Set(['properties', 'patternProperties', 'definitions', '$defs', 'schemas', 'parameters'])

function unique(list: readonly unknown[]): unknown[] {
  return [...new Map(list.map((item) => [JSON.stringify(item), item])).values()]
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u') !== undefined
  } catch {
    return false
  }
}

/** `\-` stays inside of brackets, where it may be needed. */
function withoutBackslashes(pattern: string): string {
  let isInClass = false
  return pattern.replaceAll(/\\?[\s\S]/gu, (part) => {
    if (part === '[' || part === ']') isInClass = part === '['
    if (!/^\\[^A-Za-z0-9^$\\.*+?()[\]{}|/]/u.test(part)) return part
    return part === '\\-' && isInClass ? part : part.slice(1)
  })
}

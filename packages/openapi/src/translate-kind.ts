import { isExactNumber, isObject } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'
import type { SpecFamily } from './read-spec.ts'

interface TypeNotes {
  readonly pointer: string
  readonly findings: Findings
}

const TYPES = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])
// Names that documents use for types and that mean something plain.
const MISNOMERS: Record<string, string> = {
  int: 'integer',
  int32: 'integer',
  int64: 'integer',
  long: 'integer',
  float: 'number',
  double: 'number',
  decimal: 'number',
  bool: 'boolean',
  str: 'string',
  text: 'string',
  date: 'string',
  datetime: 'string',
  'date-time': 'string',
  uuid: 'string',
  map: 'object',
  list: 'array',
}

/**
 * Programs write keywords that they say nothing of as null. Alone, a type or a constant of null is one: YAML makes it of `null` without
 * quotes, and before 3.1 there is neither.
 */
export function withoutNulls(schema: Record<string, unknown>, family: SpecFamily): Record<string, unknown> {
  const empty = MAY_BE_NULL.filter((keyword) => schema[keyword] === null)
  if (empty.length === 0) return schema
  const isAlone = Object.keys(schema).every((key) => empty.includes(key) || TEXTS.has(key))
  const left = isAlone && (family === '3.1' || family === '3.2') ? ['example'] : empty
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !left.includes(key)))
}

const MAY_BE_NULL = ['type', 'const', 'example']
const TEXTS = new Set(['title', 'description', 'default', 'examples', 'deprecated', '$comment'])

/** The types and values of a schema, as its author meant them (B54). */
export function translateTypes(schema: Record<string, unknown>, out: Record<string, unknown>, walk: TypeNotes): void {
  const declared = typesIn(schema)
  const known = declared.map((type) => knownType(String(type), out, walk))
  // One that may be any takes what the others take.
  const unique = known.some((types) => types.length === 0) ? [] : [...new Set(known.flat())]
  if (unique.length > 0) out.type = unique.length === 1 ? unique[0] : unique
  values(schema, out, unique)
}

/** Of a port by number or name Kubernetes says that it is a text, and takes no text of digits. */
function typesIn({ type, format }: Record<string, unknown>): unknown[] {
  if (type === 'string' && format === 'int-or-string') return ['integer', 'string']
  return Array.isArray(type) ? type : type === undefined ? [] : [type]
}

/** The values of a schema in its types. One whose values are all of other types has a slip in its type (B54). */
function values(schema: Record<string, unknown>, out: Record<string, unknown>, types: readonly string[]): void {
  const listed = 'const' in out ? [out.const] : Array.isArray(schema.enum) && !isEnumOfItems(schema) ? schema.enum : []
  const isSlip =
    types.length > 0 && listed.length > 0 && !listed.some((value) => types.includes(typeName(value, types)))
  if (isSlip) delete out.type
  // A number among texts is one that YAML made of a text without quotes.
  const inTypes =
    types.includes('string') && !isSlip ? (value: unknown) => asText(value, types) : (value: unknown) => value
  if ('default' in out) out.default = inTypes(out.default)
  if (listed.length > 0 && !('const' in out))
    out.enum = [...new Map(listed.map(inTypes).map((value) => [JSON.stringify(value), value])).values()]
}

function asText(value: unknown, types: readonly string[]): unknown {
  if (types.includes(typeName(value, types))) return value
  if (isExactNumber(value)) return value.rawJSON
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
}

/** A list of values on an array whose values are no arrays is meant for its items (B54), also where these have one too. */
export function isEnumOfItems({ type, enum: values }: Record<string, unknown>): boolean {
  return type === 'array' && Array.isArray(values) && values.length > 0 && !values.some(Array.isArray)
}

/** The items of a schema that lists their values, of which they may list some themselves. */
export function itemsOfEnum(values: unknown, items: unknown): Record<string, unknown> {
  const own = isObject(items) ? items : {}
  return own.enum === undefined ? { ...own, enum: values } : own
}

function knownType(type: string, out: Record<string, unknown>, walk: TypeNotes): string[] {
  if (TYPES.has(type)) return [type]
  if (type === 'file') {
    out.format = 'binary'
    return ['string']
  }
  const meant = MISNOMERS[type.toLowerCase()] ?? (TYPES.has(type.toLowerCase()) ? type.toLowerCase() : undefined)
  const message = `"${type}" is no type; it was read as ${meant ?? 'any'}`
  const fix = 'Use string, number, integer, boolean, object or array.'
  walk.findings.add({
    code: 'type-unknown',
    severity: 'warning',
    pointer: pointerTo(walk.pointer, 'type'),
    message,
    fix,
  })
  return meant ? [meant] : []
}

function typeName(value: unknown, allowed: readonly string[]): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  const number = isExactNumber(value) ? Number(value.rawJSON) : value
  return Number.isInteger(number) && allowed.includes('integer') ? 'integer' : typeof number
}

/** A pattern that can be one. Real documents write the slashes of JavaScript around it, which no value has (B63). */
export function translatePattern(
  { pattern }: Record<string, unknown>,
  out: Record<string, unknown>,
  { pointer, findings }: TypeNotes,
): void {
  if (typeof pattern !== 'string') return
  const [, inner, flags] = /^\/(\^.*|.*\$)\/([a-z]*)$/s.exec(pattern) ?? []
  const meant = inner ?? pattern
  const isKept = !flags && isPattern(meant)
  if (isKept) out.pattern = meant
  if (isKept && inner === undefined) return
  const so = isKept ? `was read as ${meant}` : 'is no pattern that can be checked; any text is taken'
  const message = `The pattern ${JSON.stringify(pattern)} ${so}`
  const fix = 'Write a regular expression as JavaScript has it, without slashes and flags.'
  findings.add({ code: 'pattern-invalid', severity: 'warning', pointer: pointerTo(pointer, 'pattern'), message, fix })
}

/** JSON Schema 2020-12 reads patterns as Unicode; some that are written are none then, and are without. */
function isPattern(text: string): boolean {
  if (OF_OTHERS.test(text.replaceAll('\\\\', ''))) return false
  return ['u', ''].some((flags) => {
    try {
      return new RegExp(text, flags) !== undefined
    } catch {
      return false
    }
  })
}

/**
 * What other languages write (Python's `\Z` and `{,5}`, Java's `\h` and `&&[`) would be read as the very letters, which no value has that is
 * meant. Of escapes these are the letters that neither JavaScript nor the engine gives a meaning.
 */
const OF_OTHERS = /\\[eg-jlmoqyF-ORT-VX-Z]|\{,\d+\}|&&\[/

/** A limit is compared with values that are rounded for the check. */
export function rounded(limit: unknown): unknown {
  return isExactNumber(limit) ? Number(limit.rawJSON) : limit
}

/** Boolean exclusive limits (3.0) become numbers (B50). */
export function translateLimits(schema: Record<string, unknown>, out: Record<string, unknown>): void {
  for (const [exclusive, plain] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    const limit = rounded(schema[exclusive])
    if (typeof limit === 'number') out[exclusive] = limit
    if (schema[exclusive] !== true || typeof out[plain] !== 'number') continue
    out[exclusive] = out[plain]
    delete out[plain]
  }
  if (out.multipleOf === 0) delete out.multipleOf
}

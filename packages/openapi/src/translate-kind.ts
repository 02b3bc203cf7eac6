import { isObject } from '@sluice/schema'
import type { Findings } from './findings.ts'
import { pointerTo } from './json-pointer.ts'

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

/** The types and values of a schema, as its author meant them (B54). */
export function translateTypes(schema: Record<string, unknown>, out: Record<string, unknown>, walk: TypeNotes): void {
  const declared = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type]
  const known = declared.flatMap((type) => knownType(String(type), out, walk))
  const unique = [...new Set(known)]
  if (unique.length > 0) out.type = unique.length === 1 ? unique[0] : unique
  if (!Array.isArray(schema.enum) || schema.enum.length === 0 || isEnumOfItems(schema)) return
  out.enum = [...new Map(schema.enum.map((value) => [JSON.stringify(value), value])).values()]
  // An enum of other values than its type allows is a slip in the type (B54).
  if (unique.length > 0 && !(out.enum as unknown[]).some((value) => unique.includes(typeName(value, unique))))
    delete out.type
}

/** A list of values on an array whose values are no arrays is meant for its items (B54). */
export function isEnumOfItems({ type, enum: values, items }: Record<string, unknown>): boolean {
  return (
    type === 'array' &&
    Array.isArray(values) &&
    values.length > 0 &&
    !values.some(Array.isArray) &&
    !(isObject(items) && items.enum !== undefined)
  )
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

function typeName(value: unknown, allowed: string[]): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number' && Number.isInteger(value) && allowed.includes('integer')) return 'integer'
  return typeof value
}

/** Boolean exclusive limits (3.0) become numbers (B50). */
export function translateLimits(schema: Record<string, unknown>, out: Record<string, unknown>): void {
  for (const [exclusive, plain] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof schema[exclusive] === 'number') out[exclusive] = schema[exclusive]
    if (schema[exclusive] !== true || typeof out[plain] !== 'number') continue
    out[exclusive] = out[plain]
    delete out[plain]
  }
  if (out.multipleOf === 0) delete out.multipleOf
}

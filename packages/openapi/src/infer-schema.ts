import type { JsonSchema } from '@sluice/contract'
import { isExactNumber, isRecord } from '@sluice/schema'

/**
 * The schema (JSON Schema 2020-12) that a sample of a JSON body suggests. A sample shows what may be there, not what must:
 * nothing is required and nothing more is forbidden. The members of a list share one schema; null says nothing of its own,
 * so beside another type it is allowed, and alone any value is. Below 64 levels any value is taken. The sample itself is
 * the root's example.
 */
export function inferSchema(sample: unknown): JsonSchema {
  const shape = emptyShape()
  observe(shape, sample, 0)
  return { ...schemaOf(shape), examples: [sample] }
}

const DEEPEST = 64

/** What was seen at one place of the sample. */
interface Shape {
  readonly types: Set<string>
  /** A Map, since a key may be `__proto__`. */
  readonly properties: Map<string, Shape>
  items?: Shape
  /** Something here is too deep to be told. */
  any: boolean
}

function emptyShape(): Shape {
  return { types: new Set(), properties: new Map(), any: false }
}

function observe(shape: Shape, value: unknown, depth: number): void {
  if (depth > DEEPEST) {
    shape.any = true
    return
  }
  shape.types.add(typeOf(value))
  if (Array.isArray(value)) {
    for (const item of value) {
      shape.items ??= emptyShape()
      observe(shape.items, item, depth + 1)
    }
  } else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      const property = shape.properties.get(key) ?? emptyShape()
      shape.properties.set(key, property)
      observe(property, item, depth + 1)
    }
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (isExactNumber(value)) return /^-?\d+$/.test(value.rawJSON) ? 'integer' : 'number'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

function schemaOf(shape: Shape): JsonSchema {
  const types = [...shape.types].filter((type) => type !== 'integer' || !shape.types.has('number'))
  if (shape.any || types.every((type) => type === 'null')) return {}
  const properties = [...shape.properties].map(([name, property]) => [name, schemaOf(property)] as const)
  return {
    type: types.length === 1 ? types[0] : types,
    ...(types.includes('object') ? { properties: Object.fromEntries(properties) } : {}),
    ...(shape.items ? { items: schemaOf(shape.items) } : {}),
  }
}

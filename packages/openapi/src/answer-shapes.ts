import type { JsonSchema } from '@sluice/contract'
import { definitionName, isObject } from '@sluice/schema'
import { cutRings } from './cut-rings.ts'

/** The shape of what a schema describes, self-contained, within `maxBytes` of JSON. */
export type AnswerShapes = (schema: JsonSchema, maxBytes: number) => JsonSchema

/**
 * Shapes of schemas whose references `definition` follows: without texts, limits and what must be there, and where that is too large still, less
 * deeply, what few refer to last. An object has all of its members, or is told as an object: half a list would be a wrong one.
 */
export function createAnswerShapes(definition: (name: string) => JsonSchema): AnswerShapes {
  const known = new Map<string, readonly Form[]>()
  const formsOf = (name: string) => {
    const forms = known.get(name) ?? formsFrom(definition(name))
    known.set(name, forms)
    return forms
  }
  const closedSize = (name: string) => name.length + AROUND_NAME + formsOf(name).at(-1)!.size

  return (schema, maxBytes) => {
    const shown = new Map<string, JsonSchema>()
    const met = new Set<string>()
    let left = maxBytes - AROUND_ALL
    let level: string[] = []

    /** The widest form that leaves room for what it refers to, closed. */
    function widest(forms: readonly Form[], room: number): JsonSchema {
      const newIn = ({ names }: Form) => names.filter((name) => !met.has(name))
      const cost = (form: Form) => newIn(form).reduce((sum, name) => sum + closedSize(name), form.size)
      const form = forms.find((one) => one.size <= room && cost(one) <= room) ?? forms.at(-1)!
      left -= cost(form)
      for (const name of newIn(form)) {
        met.add(name)
        level.push(name)
      }
      return form.schema
    }

    const root = widest(formsFrom(schema), left)
    while (level.length > 0) {
      // The smallest first: most of them are told so.
      const names = level.toSorted((a, b) => formsOf(a)[0]!.size - formsOf(b)[0]!.size)
      level = []
      for (const name of names) {
        left += formsOf(name).at(-1)!.size
        shown.set(name, widest(formsOf(name), left))
      }
    }
    return shown.size === 0 ? root : { ...root, $defs: cutRings(Object.fromEntries(shown)) }
  }
}

/** JSON around a definition, and around all of them. */
const AROUND_NAME = 4
const AROUND_ALL = 12

/** One way to tell a schema. */
interface Form {
  readonly schema: JsonSchema
  /** Of its JSON. */
  readonly size: number
  /** Definitions that it refers to. */
  readonly names: readonly string[]
}

/** The widest first, and at last no more than its type. */
function formsFrom(schema: JsonSchema): Form[] {
  const shapes = DEPTHS.map((depth) => shapeOf(schema, depth) as JsonSchema)
  return [...shapes, namesOnly(shapes.at(-1)!), closed(schema)].map((shape) => {
    const text = JSON.stringify(shape)
    return { schema: shape, size: text.length, names: [...referencesIn(text)] }
  })
}

/** Levels of members. */
const DEPTHS = [Number.POSITIVE_INFINITY, 4, 3, 2, 1]

function shapeOf(schema: unknown, depth: number): unknown {
  if (Array.isArray(schema)) return schema.map((item) => shapeOf(item, depth))
  if (!isObject(schema)) return schema
  if (depth <= 0 && isDeep(schema)) return closed(schema)
  const kept = Object.entries(schema).flatMap(([keyword, value]) => {
    if (PLAIN.has(keyword) || (keyword === 'format' && isTime(value))) return [[keyword, value]]
    if (INNER.has(keyword)) return [[keyword, shapeOf(value, depth)]]
    if (keyword === 'properties' && isObject(value)) return [[keyword, membersOf(value, depth - 1)]]
    return keyword === 'enum' && JSON.stringify(value).length <= MOST_VALUES ? [[keyword, value]] : []
  })
  return Object.fromEntries(kept)
}

function membersOf(properties: Record<string, unknown>, depth: number): object {
  return Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, shapeOf(member, depth)]))
}

const PLAIN = new Set(['$ref', 'type', 'const'])
const INNER = new Set(['items', 'prefixItems', 'additionalProperties', 'allOf', 'anyOf', 'oneOf', 'not'])
/** JSON of the values that one member may have. */
const MOST_VALUES = 300

/** Which of a text's forms one must know to read it. */
function isTime(format: unknown): boolean {
  return format === 'date' || format === 'date-time'
}

function isDeep(schema: Record<string, unknown>): boolean {
  return ['properties', ...INNER].some((keyword) => isObject(schema[keyword]) || Array.isArray(schema[keyword]))
}

function namesOnly(shape: JsonSchema): JsonSchema {
  if (!isObject(shape.properties)) return closed(shape)
  const names = Object.keys(shape.properties)
  return { ...closed(shape), properties: Object.fromEntries(names.map((name) => [name, {}])) }
}

function closed({ type }: JsonSchema): JsonSchema {
  return type === undefined ? {} : { type }
}

function referencesIn(json: string): Set<string> {
  const found = json.matchAll(/"\$ref":"([^"\\]*)"/g)
  return new Set([...found].flatMap(([, reference]) => definitionName(reference) ?? []))
}

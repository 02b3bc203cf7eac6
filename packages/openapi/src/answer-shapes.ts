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
  const known = new Map<string, Forms>()
  const formsOf = (name: string) => {
    const forms = known.get(name) ?? new Forms(definition(name))
    known.set(name, forms)
    return forms
  }
  const closedSize = (name: string) => name.length + AROUND_NAME + formsOf(name).closed.size

  return (schema, maxBytes) => {
    const shown = new Map<string, JsonSchema>()
    const met = new Set<string>()
    let left = maxBytes - AROUND_ALL
    let level: string[] = []

    /** The widest form that leaves room for what it refers to, closed. */
    function widest(forms: Forms, room: number): JsonSchema {
      const newIn = ({ names }: Form) => names.filter((name) => !met.has(name))
      const cost = (form: Form) => newIn(form).reduce((sum, name) => sum + closedSize(name), form.size)
      const form = forms.first((one) => one.size <= room && cost(one) <= room)
      left -= cost(form)
      for (const name of newIn(form)) {
        met.add(name)
        level.push(name)
      }
      return form.schema
    }

    const root = widest(new Forms(schema), left)
    while (level.length > 0) {
      // The smallest first: most of them are told so.
      const names = level.toSorted((a, b) => formsOf(a).whole.size - formsOf(b).whole.size)
      level = []
      for (const name of names) {
        left += formsOf(name).closed.size
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

/** The ways to tell one schema. Most are told by one of them, so each is made when it is asked for. */
class Forms {
  /** No more than its type. */
  readonly closed: Form
  readonly #schema: JsonSchema
  readonly #made: Form[] = []

  constructor(schema: JsonSchema) {
    this.#schema = schema
    this.closed = formOf(closed(schema))
  }

  /** All levels of its members. */
  get whole(): Form {
    return this.#at(0)
  }

  /** The widest that fits. */
  first(fits: (form: Form) => boolean): Form {
    for (let at = 0; at <= DEPTHS.length; at++) if (fits(this.#at(at))) return this.#at(at)
    return this.closed
  }

  #at(index: number): Form {
    this.#made[index] ??= formOf(this.#shape(index))
    return this.#made[index]
  }

  #shape(index: number): JsonSchema {
    if (index === DEPTHS.length) return namesOnly(this.#at(index - 1).schema)
    return shapeOf(this.#schema, DEPTHS[index]!) as JsonSchema
  }
}

/** Levels of members. After the last come the names of members alone. */
const DEPTHS = [Number.POSITIVE_INFINITY, 4, 3, 2, 1]

function formOf(schema: JsonSchema): Form {
  const text = JSON.stringify(schema)
  return { schema, size: text.length, names: [...referencesIn(text)] }
}

function shapeOf(schema: unknown, depth: number): unknown {
  if (Array.isArray(schema)) return schema.map((item) => shapeOf(item, depth))
  if (!isObject(schema)) return schema
  if (depth <= 0 && isDeep(schema)) return closed(schema)
  const kept: Record<string, unknown> = {}
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword]
    if (PLAIN.has(keyword) || (keyword === 'format' && isTime(value))) kept[keyword] = value
    else if (INNER.has(keyword)) kept[keyword] = shapeOf(value, depth)
    else if (keyword === 'properties' && isObject(value)) kept[keyword] = membersOf(value, depth - 1)
    else if (keyword === 'enum' && JSON.stringify(value).length <= MOST_VALUES) kept[keyword] = value
  }
  return kept
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

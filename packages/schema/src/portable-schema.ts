import type { JsonSchema } from '@sluice/contract'
import { isExactNumber } from './exact-json.ts'
import { type Merged, mergeAllOf } from './merge-all-of.ts'
import { ofType, typesOf, valuesOf } from './of-type.ts'
import { renamedKeys } from './safe-keys.ts'
import { isNullType, toldNeeds } from './union-branches.ts'
import { withVisibleValues } from './visible-values.ts'
import { asStrings, definitionName, isObject, objectOf, resolveLocal } from './walk-schema.ts'

/** A schema made for clients, and whether something deep was left out to keep it small. */
export interface WireSchema {
  readonly schema: JsonSchema
  readonly elided: boolean
}

/**
 * The schema a model is shown: what every known client takes (B43 to B68). References are inlined and cycles cut, unions are
 * `anyOf`, `allOf` is merged, keywords that a client refuses are dropped or told in words. Arguments are still checked against
 * the full schema. At most `maxBytes` of JSON: deeper levels are told as a plain object.
 */
export function portableSchema(validation: JsonSchema, maxBytes: number, options: WireOptions = {}): WireSchema {
  const merged: Merged = new Map()
  const keys = options.keepsKeys ? () => NO_RENAMES : renamedKeys
  const whole = cutAt(WHOLE_DEPTH)
  if (whole) return whole
  // From below: one that is too large takes longer to make than all that are small enough.
  let fitting: WireSchema | undefined
  for (const depth of DEPTHS) {
    const deeper = cutAt(depth)
    if (!deeper) break
    fitting = deeper
  }
  return fitting ?? { schema: asRoot(shallow(validation)), elided: true }

  function cutAt(depth: number): WireSchema | undefined {
    const budget = { left: maxBytes * 2, elided: false }
    const schema = convert(validation, { root: validation, path: [], depth, budget, merged, keys })
    const { $defs: _defs, ...rooted } = schema
    const fits = budget.left > 0 && JSON.stringify(rooted).length <= maxBytes
    return fits ? { schema: asRoot(rooted), elided: budget.elided } : undefined
  }
}

export interface WireOptions {
  /** An answer has the API's own names, also those that arguments may not have. */
  readonly keepsKeys?: boolean
}

const NO_RENAMES: ReadonlyMap<string, string> = new Map()

/** What is nested deeper is left out however small it is. */
const WHOLE_DEPTH = 12
const DEPTHS = [2, 3, 4, 5, 6, 8]

interface Walk {
  readonly root: JsonSchema
  /** Names of the definitions being inlined, to see a cycle. */
  readonly path: readonly string[]
  readonly depth: number
  /** Characters left, roughly: a tree that doubles at each level must not be built to its end. */
  readonly budget: { left: number; elided: boolean }
  readonly merged: Merged
  readonly keys: (names: readonly string[]) => ReadonlyMap<string, string>
}

function convert(given: unknown, walk: Walk): JsonSchema {
  if (isNothing(given)) return { description: 'Takes no value.' }
  if (!isObject(given)) return { description: 'Any JSON value.' }
  const name = definitionName(given.$ref)
  if (name !== undefined && walk.path.includes(name)) return elided(given, walk, 'recursive')
  if (walk.depth <= 0 && goesDeeper(given)) return elided(given, walk, 'deeper levels')
  if (walk.budget.left <= 0) return {}
  const inner = name === undefined ? walk : { ...walk, path: [...walk.path, name] }
  const schema = withVisibleValues(mergeAllOf(given, walk.root, walk.merged))
  const converted = keepKnown(schema, { ...inner, depth: inner.depth - 1 })
  walk.budget.left -= sizeOfOwn(converted)
  return converted
}

function sizeOfOwn(schema: JsonSchema): number {
  const description = typeof schema.description === 'string' ? schema.description.length : 0
  const values = Array.isArray(schema.enum) ? JSON.stringify(schema.enum).length : 0
  const names = isObject(schema.properties) ? Object.keys(schema.properties).join('').length : 0
  return 24 + description + values + names
}

function goesDeeper(schema: JsonSchema): boolean {
  return ['$ref', 'properties', 'items', 'allOf', 'anyOf', 'oneOf', 'prefixItems'].some((key) => key in schema)
}

function elided(schema: JsonSchema, walk: Walk, why: string): JsonSchema {
  walk.budget.elided = true
  const target = resolveLocal(schema, walk.root)
  const [type = 'object', ...others] = typesOf(target).filter((name) => name !== 'null')
  const text = typeof target.description === 'string' ? `${target.description} ` : ''
  const description = `${text}(${why} not shown)`
  if (others.length > 0) return { description }
  return type === 'array' ? { type, items: {}, description } : { type, description }
}

function keepKnown(schema: JsonSchema, walk: Walk): JsonSchema {
  const out: Record<string, unknown> = {}
  const notes: string[] = []
  const types = typesOf(schema)
  const plain = types.filter((type) => type !== 'null')
  if ('title' in schema) out.title = schema.title
  if (types.includes('null') && plain.length > 0) notes.push(MAY_BE_NULL)
  // Each type with what is said of it: a list without items, or a type beside a union, is refused (B67).
  if (plain.length > 1) out.anyOf = plain.map((type) => keepKnown(ofType(schema, type), walk))
  else keepOneType(schema, plain[0], { out, notes, walk })
  keepUnion(schema, out, walk, notes)
  if ('default' in schema && isScalar(schema.default)) notes.push(`default ${JSON.stringify(schema.default)}`)
  describe(schema, out, notes)
  return out
}

interface Kept {
  readonly out: Record<string, unknown>
  readonly notes: string[]
  readonly walk: Walk
}

function keepOneType(schema: JsonSchema, type: string | undefined, { out, notes, walk }: Kept): void {
  if (type !== undefined) out.type = type
  for (const key of KEPT) if (key in schema) out[key] = schema[key]
  keepFormat(schema, out, notes)
  keepValues(schema, out, notes)
  keepMembers(schema, out, walk)
  if ('exclusiveMinimum' in schema) notes.push(`more than ${schema.exclusiveMinimum}`)
  if ('exclusiveMaximum' in schema) notes.push(`less than ${schema.exclusiveMaximum}`)
}

const MAY_BE_NULL = 'may be null'

/** Whether a schema that a model is shown says that null is a value of its own. */
export function tellsNull({ description, anyOf }: JsonSchema): boolean {
  const isTold = typeof description === 'string' && description.endsWith(')') && description.includes(MAY_BE_NULL)
  return isTold || (Array.isArray(anyOf) && anyOf.some((branch) => isObject(branch) && tellsNull(branch)))
}

const KEPT = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'pattern']

// Gemini refuses other formats; they are told in words.
const FORMATS = new Set(['date-time', 'int32', 'int64', 'float', 'double'])

function keepFormat(schema: JsonSchema, out: Record<string, unknown>, notes: string[]): void {
  if (typeof schema.format !== 'string') return
  if (FORMATS.has(schema.format)) out.format = schema.format
  else notes.push(`format ${schema.format}`)
}

function keepValues(schema: JsonSchema, out: Record<string, unknown>, notes: string[]): void {
  const known = [...new Set(valuesOf(schema)?.filter((value) => value !== null))]
  if (known.length === 0) return
  // Several clients take string enums only (B55): other values are told in words.
  if (known.every((value) => typeof value === 'string')) out.enum = known
  else notes.push(`one of ${known.map((value) => JSON.stringify(value)).join(', ')}`)
}

function keepMembers(schema: JsonSchema, out: Record<string, unknown>, walk: Walk): void {
  if (isObject(schema.properties)) {
    // What takes no value cannot be given.
    const properties = Object.fromEntries(Object.entries(schema.properties).filter(([, value]) => !isNothing(value)))
    const renamed = walk.keys(Object.keys(properties))
    const keyOf = (name: string) => renamed.get(name) ?? name
    out.properties = Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [keyOf(name), convert(value, walk)]),
    )
    const required = asStrings(schema.required).filter((name) => Object.hasOwn(properties, name))
    if (required.length > 0) out.required = required.map(keyOf)
  }
  if (out.type !== 'array') return
  if (Array.isArray(schema.prefixItems)) out.items = { anyOf: schema.prefixItems.map((item) => convert(item, walk)) }
  else out.items = 'items' in schema ? convert(schema.items, walk) : {}
}

function keepUnion(schema: JsonSchema, out: Record<string, unknown>, walk: Walk, notes: string[]): void {
  const branches = [schema.anyOf, schema.oneOf].filter(Array.isArray).flat()
  if (branches.length === 0) return
  const renamed = walk.keys(Object.keys(objectOf(schema.properties)))
  const needs = toldNeeds(branches, (name) => renamed.get(name) ?? name)
  if (needs) {
    notes.push(needs)
    return
  }
  const isNull = (branch: unknown) => isObject(branch) && isNullType(resolveLocal(branch, walk.root))
  const converted = branches.filter((branch) => !isNull(branch)).map((branch) => convert(branch, walk))
  const isNullable = branches.some(isNull) || (converted.length === 1 && tellsNull(converted[0]!))
  if (isNullable && converted.length > 0 && !notes.includes(MAY_BE_NULL)) notes.push(MAY_BE_NULL)
  if (converted.length === 1) {
    const { description, ...only } = converted[0]!
    Object.assign(out, only)
    // What is told again is told once.
    const text = typeof description === 'string' ? description.replace(`(${MAY_BE_NULL})`, '').trim() : ''
    if (out.description === undefined && text) out.description = text
  } else if (converted.length > 1) {
    out.anyOf = converted
    // A type beside a union says nothing more, and some clients refuse it.
    if (out.type !== 'object' || !out.properties) delete out.type
  }
}

function isNothing(schema: unknown): boolean {
  if (!isObject(schema)) return schema === false
  return Object.keys(schema).length === 1 && isObject(schema.not) && Object.keys(schema.not).length === 0
}

function describe(schema: JsonSchema, out: Record<string, unknown>, notes: string[]): void {
  const text = typeof schema.description === 'string' ? schema.description : (out.description as string | undefined)
  const told = notes.length > 0 ? `(${notes.join('; ')})` : ''
  const description = [text, told].filter(Boolean).join(' ')
  if (description) out.description = description
  else if (Object.keys(out).length === 0) out.description = 'Any JSON value.'
}

/** The root is always a plain object without combinators: one that is not makes a client drop every tool (B43). */
function asRoot(schema: JsonSchema): JsonSchema {
  const { anyOf: _anyOf, oneOf: _oneOf, title: _title, description: _description, ...rest } = schema
  return { ...rest, type: 'object', properties: objectOf(rest.properties) }
}

function shallow(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(objectOf(schema.properties)).map(([key, value]) => {
    const target = isObject(value) ? resolveLocal(value, schema) : {}
    const types = typesOf(target)
    const [type, ...others] = types.filter((name) => name !== 'null')
    const told = types.includes('null') ? { description: `(${MAY_BE_NULL})` } : {}
    return [
      key,
      type && others.length === 0
        ? { type, ...told, ...(type === 'array' ? { items: {} } : {}) }
        : { description: 'Any JSON value.' },
    ]
  })
  return { type: 'object', properties: Object.fromEntries(entries), ...requiredOf(schema) }
}

function requiredOf(schema: JsonSchema): JsonSchema {
  const required = asStrings(schema.required)
  return required.length > 0 ? { required } : {}
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value !== 'object' || isExactNumber(value)
}

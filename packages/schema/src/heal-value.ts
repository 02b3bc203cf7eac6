import type { JsonSchema } from '@sluice/contract'
import { acceptedTypeNames } from './accepted-type-names.ts'
import { exactNumber, isExactNumber, isRecord, parseJson } from './exact-json.ts'
import { itemAt, type ObjectParts, objectParts, type ShownBranch, targetOf } from './object-parts.ts'
import { valuesOf } from './of-type.ts'
import { isObject } from './walk-schema.ts'

/**
 * What a model meant, where that is beyond doubt: JSON written as a string where an object or array is wanted (B69),
 * "5" for an integer, "true" for a boolean, "get" where GET is listed, a single value for a list of such, or several with commas
 * (B70), null for an optional property that takes none (B73), members that only the server writes in an object that it gave (B118).
 * Everything else is left as it is, for the check to refuse. The value given is not changed.
 */
export function healValue(schema: JsonSchema, value: unknown): unknown {
  return heal(schema, value, schema, 0)
}

const DEEPEST = 64

function heal(schema: unknown, value: unknown, root: JsonSchema, depth: number): unknown {
  if (!isObject(schema) || depth > DEEPEST) return value
  const target = targetOf(schema, root)
  const types = acceptedTypeNames(target, root)
  const scalar = healScalar(target, value, types, root)
  const at = itemAt(target, root)
  const healItem = (item: unknown, index: number) => heal(at(index), item, root, depth + 1)
  if (isSingle(scalar, types)) {
    const item = healItem(scalar, 0)
    return takesType(at(0), item, root) ? [item] : scalar
  }
  const parts = partsOf(scalar, types)
  if (parts) {
    const whole = healItem(String(scalar).trim(), 0)
    if (isListed(whole, at(0), root)) return [whole]
    const items = parts.map(healItem)
    return items.every((item, index) => isListed(item, at(index), root)) ? items : scalar
  }
  if (Array.isArray(scalar)) return scalar.map(healItem)
  if (isRecord(scalar)) return healObject(target, scalar, root, depth)
  return scalar
}

function healObject(schema: JsonSchema, value: Record<string, unknown>, root: JsonSchema, depth: number): unknown {
  const parts = objectParts(schema, root)
  const healed: Record<string, unknown> = Object.create(null)
  for (const [key, item] of Object.entries(value)) {
    if (parts.readOnly.has(key)) continue
    const name = realName(key, value, parts, root)
    const property = Object.hasOwn(parts.properties, name) ? parts.properties[name] : parts.others(name)
    if (item === null && !parts.required.has(name) && isObject(property) && !takesNull(property, root)) continue
    healed[name] = heal(property, item, root, depth + 1)
  }
  return healed
}

/** The name behind a key that the model was shown in its place, unless that is given too (B40). */
function realName(key: string, value: Record<string, unknown>, parts: ObjectParts, root: JsonSchema): string {
  const names = (parts.realNames.get(key) ?? []).filter((name) => !Object.hasOwn(value, name))
  const own = Object.hasOwn(parts.properties, key) ? [key] : []
  const candidates = [...own, ...names]
  if (candidates.length < 2) return candidates[0] ?? key
  // One branch of a union may show for its own what is another's name: what is given tells which is meant.
  const possible = parts.branches.filter((branch) => !isContradicted(branch, value, root))
  const shown = candidates.filter((name) => possible.some((branch) => shows(branch, name, key)))
  const likely = shown.length > 0 ? shown : candidates
  return likely.find((name) => takesType(parts.properties[name], value[key], root)) ?? likely[0]!
}

function shows({ properties, shown }: ShownBranch, name: string, key: string): boolean {
  return Object.hasOwn(properties, name) && (shown.get(name) ?? name) === key
}

/** Whether a value is given that the branch does not list for its property, as where a property tells branches apart. */
function isContradicted({ properties }: ShownBranch, value: Record<string, unknown>, root: JsonSchema): boolean {
  return Object.entries(properties).some(([name, property]) => {
    if (!Object.hasOwn(value, name) || !isObject(property)) return false
    const values = valuesOf(targetOf(property, root))
    // A number may be given as a text still.
    return values !== undefined && !values.some((one) => String(one) === String(value[name]))
  })
}

/** Whether a schema takes values of such a type, as far as it says. */
export function takesType(schema: unknown, value: unknown, root: JsonSchema): boolean {
  const types = isObject(schema) ? acceptedTypeNames(targetOf(schema, root), root) : undefined
  return types === undefined || typesOfValue(value).some((type) => types.has(type))
}

function typesOfValue(value: unknown): string[] {
  if (value === null) return ['null']
  if (Array.isArray(value)) return ['array']
  if (isExactNumber(value)) return ['number', 'integer']
  if (typeof value === 'number') return Number.isInteger(value) ? ['number', 'integer'] : ['number']
  return [typeof value]
}

/** One word, number or flag where only a list is taken; of a text that may be several, or a list that is broken, nobody knows. */
function isSingle(value: unknown, types: ReadonlySet<string> | undefined): boolean {
  if (!takesListAlone(types)) return false
  if (typeof value === 'string') return /^[^\s,;|[\]{}"]+$/.test(value)
  return typeof value === 'number' || typeof value === 'boolean' || isExactNumber(value)
}

function takesListAlone(types: ReadonlySet<string> | undefined): boolean {
  return types?.has('array') === true && [...types].every((type) => type === 'array' || type === 'null')
}

/** What stands between the commas of a text where only a list is taken; nothing where there are none, or too many. */
function partsOf(value: unknown, types: ReadonlySet<string> | undefined): string[] | undefined {
  if (typeof value !== 'string' || !takesListAlone(types)) return undefined
  const parts = value.split(',', MOST_PARTS).map((part) => part.trim())
  return parts.length > 1 && parts.length < MOST_PARTS ? parts : undefined
}

/** More than a model writes out. */
const MOST_PARTS = 200

/** Of what stands between commas only values that are listed are beyond doubt: a comma may be part of any text, and of a number. */
function isListed(item: unknown, schema: unknown, root: JsonSchema): boolean {
  return isObject(schema) && listedIn(targetOf(schema, root), root)?.includes(item) === true
}

function healScalar(
  schema: JsonSchema,
  value: unknown,
  types: ReadonlySet<string> | undefined,
  root: JsonSchema,
): unknown {
  if (!types) return value
  if (typeof value === 'string')
    return types.has('string') ? listedValue(value, schema, root) : healString(value, types)
  const isNumber = typeof value === 'number' || isExactNumber(value)
  // An identifier declared as a string is often sent as the number it looks like.
  if (isNumber && types.has('string') && !types.has('number') && !types.has('integer')) {
    return isExactNumber(value) ? value.rawJSON : String(value)
  }
  if (typeof value === 'boolean' && types.has('string') && !types.has('boolean')) return listedFlag(value, schema, root)
  return value
}

/** YAML and query strings have flags that are texts: "true" where it is listed. */
function listedFlag(flag: boolean, schema: JsonSchema, root: JsonSchema): unknown {
  const text = listedValue(String(flag), schema, root)
  return listedIn(schema, root)?.includes(text) ? text : flag
}

/** The only listed value that differs in nothing but its case. */
function listedValue(text: string, schema: JsonSchema, root: JsonSchema): string {
  const values = listedIn(schema, root)
  if (!values || values.includes(text)) return text
  const plain = text.toLowerCase()
  const same = values.filter((value) => typeof value === 'string' && value.toLowerCase() === plain)
  return same.length === 1 ? (same[0] as string) : text
}

/** The only values that a schema takes, or its branches together; nothing where one takes others too. */
function listedIn(schema: JsonSchema, root: JsonSchema): readonly unknown[] | undefined {
  if (listed.has(schema)) return listed.get(schema)
  // What closes a ring lists nothing.
  listed.set(schema, undefined)
  const values = valuesOf(schema) ?? listedByBranches(schema, root)
  listed.set(schema, values)
  return values
}

/** Kept as long as the schema lives: each item of a list asks for them. */
const listed = new WeakMap<JsonSchema, readonly unknown[] | undefined>()

function listedByBranches({ anyOf, oneOf }: JsonSchema, root: JsonSchema): readonly unknown[] | undefined {
  const branches = anyOf ?? oneOf
  if (!Array.isArray(branches)) return undefined
  const lists = branches.map((one) => {
    const branch = isObject(one) ? targetOf(one, root) : {}
    return branch.type === 'null' ? [null] : listedIn(branch, root)
  })
  return lists.includes(undefined) ? undefined : [...new Set(lists.flatMap((list) => list!))]
}

function healString(text: string, types: ReadonlySet<string>): unknown {
  const trimmed = text.trim()
  // Models that think in Python write "True".
  if (types.has('boolean') && /^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true'
  if ((types.has('integer') || types.has('number')) && NUMBER.test(trimmed)) {
    const number = Number(trimmed)
    // "5.0" for an integer is 5: not everyone reads it as one.
    const isPlain = String(number) === trimmed || (types.has('integer') && Number.isSafeInteger(number))
    return isPlain ? number : exactNumber(trimmed)
  }
  const wanted = (types.has('object') && trimmed.startsWith('{')) || (types.has('array') && trimmed.startsWith('['))
  if (!wanted) return text
  try {
    return parseJson(trimmed)
  } catch {
    return text
  }
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

function takesNull(schema: JsonSchema, root: JsonSchema): boolean {
  const target = targetOf(schema, root)
  const types = acceptedTypeNames(target, root)
  if (types) return types.has('null')
  if (Array.isArray(target.enum)) return target.enum.includes(null)
  return true
}

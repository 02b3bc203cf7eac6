import type { JsonSchema } from '@sluice/contract'
import { asStrings, definitionName, isObject, objectOf, resolveLocal } from '@sluice/schema'

/** How much may be written of a type. */
export interface TypeBudget {
  /** Characters, about. */
  readonly chars: number
  /** Levels of objects that are opened. */
  readonly depth: number
}

/**
 * A JSON Schema as a TypeScript type on one line. What does not fit the budget stands as `…`, with its number where members
 * or values are left out; the text stays short, whatever the schema is.
 */
export function typeText(schema: unknown, root: JsonSchema, budget: TypeBudget): string {
  return write(schema, { root, budget, depth: 0, within: [] }, budget.chars)
}

/** Where in a schema the writer is. */
interface Place {
  readonly root: JsonSchema
  readonly budget: TypeBudget
  readonly depth: number
  /** Definitions that are open: one of them again is a ring. */
  readonly within: readonly string[]
}

const ELISION = '…'

function write(schema: unknown, place: Place, chars: number): string {
  if (schema === true || !isObject(schema)) return 'unknown'
  if ('$ref' in schema) return writeReference(schema, place, chars)
  if ('const' in schema) return literal(schema.const)
  if (Array.isArray(schema.enum)) return writeValues(schema.enum, chars)
  const choices = [schema.oneOf, schema.anyOf].find((list) => Array.isArray(list))
  if (choices) return writeChoices(schema, choices as unknown[], place, chars)
  if (Array.isArray(schema.allOf)) return write(merged(schema, place), place, chars)
  if (Array.isArray(schema.type)) {
    return writeUnion(
      schema.type.map((type) => ({ ...schema, type })),
      place,
      chars,
    )
  }
  return writeKind(schema, place, chars)
}

/** What stands beside alternatives holds for each of them. */
function writeChoices(
  { oneOf: _one, anyOf: _any, ...own }: Record<string, unknown>,
  choices: readonly unknown[],
  place: Place,
  chars: number,
): string {
  const hasMembers = isObject(own.properties) || Array.isArray(own.allOf)
  if (!hasMembers) {
    // Members that are required here are described there.
    const inner = asStrings(own.required).length === 0 ? choices : choices.map((choice) => withRequired(choice, own))
    const text = writeUnion(inner, place, chars)
    return text === 'unknown' && own.type !== undefined ? write(own, place, chars) : text
  }
  const text = write(own, place, Math.ceil(chars / 2))
  const union = writeUnion(choices, place, chars - text.length)
  return union === 'unknown' ? text : `${text} & ${isUnion(union) ? `(${union})` : union}`
}

function withRequired(choice: unknown, { required }: Record<string, unknown>): unknown {
  return isObject(choice) ? { allOf: [choice, { required }] } : choice
}

/** Whether a type has alternatives or parts that are not within brackets. */
function isUnion(text: string): boolean {
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{([<]|[})\]>]| [|&] /g)) {
    if (token.startsWith('"')) continue
    if (token.startsWith(' ')) {
      if (depth === 0) return true
    } else depth += /[{([<]/.test(token) ? 1 : -1
  }
  return false
}

function writeReference(schema: JsonSchema, place: Place, chars: number): string {
  const name = definitionName(schema.$ref)
  if (name === undefined) return 'unknown'
  if (place.within.includes(name)) return identifier(name)
  return write(resolveLocal(schema, place.root), { ...place, within: [...place.within, name] }, chars)
}

/** A definition's name, where it stands for a ring that is not opened again. */
function identifier(name: string): string {
  return name.replaceAll(/[^\w$]/g, '_') || 'unknown'
}

function writeKind(schema: Record<string, unknown>, place: Place, chars: number): string {
  if (schema.type === 'object' || (schema.type === undefined && isObject(schema.properties))) {
    return writeObject(schema, place, chars)
  }
  if (schema.type === 'array') {
    const item = write(schema.items, place, chars - 2)
    return isUnion(item) ? `(${item})[]` : `${item}[]`
  }
  if (schema.type === 'integer' || schema.type === 'number') return 'number'
  return typeof schema.type === 'string' ? schema.type : 'unknown'
}

function writeObject(schema: Record<string, unknown>, place: Place, chars: number): string {
  const members = Object.entries(objectOf(schema.properties))
  if (members.length === 0) return writeMap(schema.additionalProperties, place, chars)
  if (place.depth >= place.budget.depth) return `{ ${ELISION} }`
  const written = writeMembers(
    members,
    new Set(asStrings(schema.required)),
    { ...place, depth: place.depth + 1 },
    chars - 4,
  )
  return `{ ${written.join(', ')} }`
}

function writeMap(values: unknown, place: Place, chars: number): string {
  return isObject(values) && Object.keys(values).length > 0
    ? `Record<string, ${write(values, place, chars - 16)}>`
    : 'object'
}

/** Members as `name: type`, those that must be given first; as many as fit. */
export function writeMembers(
  members: ReadonlyArray<readonly [string, unknown]>,
  required: ReadonlySet<string>,
  place: Place,
  chars: number,
): string[] {
  const ordered = members.toSorted(([a], [b]) => Number(required.has(b)) - Number(required.has(a)))
  const written: string[] = []
  let left = chars
  for (const [at, [name, schema]] of ordered.entries()) {
    // Each may take what is left, but leaves something to those after it.
    const share = Math.max(SHORT, Math.floor(left / 2))
    const text = `${memberName(name)}${required.has(name) ? '' : '?'}: ${write(schema, place, share)}`
    left -= text.length + 2
    if (left < 0 && written.length > 0) {
      written.push(`${ELISION} ${ordered.length - at} more`)
      break
    }
    written.push(text)
  }
  return written
}

const SHORT = 24

function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
}

function writeValues(values: readonly unknown[], chars: number): string {
  return joined(values, chars, literal)
}

function writeUnion(choices: readonly unknown[], place: Place, chars: number): string {
  const share = Math.max(SHORT, Math.floor(chars / Math.max(1, choices.length)))
  const texts = [...new Set(choices.map((choice) => write(choice, place, share)))]
  return joined(texts, chars, (text) => text)
}

/** Alternatives, as many as fit. */
function joined<T>(values: readonly T[], chars: number, toText: (value: T) => string): string {
  const written: string[] = []
  let left = chars
  for (const [at, value] of values.entries()) {
    const text = toText(value)
    left -= text.length + 3
    if (left < 0 && written.length > 0) {
      written.push(`${ELISION} ${values.length - at} more`)
      break
    }
    written.push(text)
  }
  return written.join(' | ')
}

function literal(value: unknown): string {
  const text = JSON.stringify(value) ?? 'unknown'
  return text.length > 60 ? `${text.slice(0, 58)}${ELISION}"` : text
}

/** What all parts of an `allOf` say of an object together. */
function merged(schema: Record<string, unknown>, place: Place): Record<string, unknown> {
  const parts = [...(schema.allOf as unknown[]), { ...schema, allOf: undefined }].map((part) => opened(part, place))
  const [single, ...others] = parts.filter((part) => Object.keys(part).length > 0)
  if (single && others.length === 0) return single
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: parts.flatMap(({ required }) => asStrings(required)),
  }
}

function opened(part: unknown, place: Place): Record<string, unknown> {
  if (!isObject(part)) return {}
  const name = definitionName(part.$ref)
  if (name !== undefined && place.within.includes(name)) return {}
  const { allOf, description: _, ...rest } = name === undefined ? part : resolveLocal(part, place.root)
  const own = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  if (!Array.isArray(allOf) || place.within.length > MOST_WITHIN) return own
  return merged({ ...own, allOf }, { ...place, within: [...place.within, name ?? ''] })
}

const MOST_WITHIN = 20

import type { JsonSchema } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { cleanText, cutText } from './clean-text.ts'
import { tellBranch } from './discriminator.ts'
import type { Findings } from './findings.ts'
import { pointerOf, pointerTo } from './json-pointer.ts'
import type { SpecFamily } from './read-spec.ts'
import { stripInvisible } from './suspicious-text.ts'
import { isEnumOfItems, rounded, translateLimits, translateTypes } from './translate-kind.ts'

export interface Translation {
  readonly family: SpecFamily
  /** What to put in place of a reference. `asBase`: what it names, not what may stand for it (inherited discriminators). */
  readonly refer: (reference: string, pointer: string, asBase: boolean) => JsonSchema
  /** What a reference names, as the document has it. */
  readonly declared: (reference: string) => unknown
  /** A reference that `refer` made, followed. */
  readonly target: (schema: JsonSchema) => JsonSchema
  /** Requests leave out what only the server writes, responses what only the client does (B53). */
  readonly direction: 'request' | 'response'
  /** The names that were left out of an object, by its translation. */
  readonly leftOut: WeakMap<object, ReadonlySet<string>>
  readonly pointer: string
  /** How many schemas this one is inside of, references apart. */
  readonly depth: number
  readonly findings: Findings
}

/** Arguments cannot be deeper (LIMITS.argumentDepth); unions between their levels count too. */
const DEEPEST = 128

/**
 * One Schema Object of any OpenAPI version as JSON Schema 2020-12: `nullable` becomes a type, boolean exclusive limits become
 * numbers, OpenAPI's own keywords and what the server alone writes (`readOnly`) are dropped. Unknown values never throw.
 */
export function translateSchema(schema: unknown, walk: Translation, asBase = false): JsonSchema {
  if (schema === false) return { not: {} }
  if (!isObject(schema)) return {}
  if (walk.depth > DEEPEST) return tooDeep(walk)
  if (typeof schema.$ref === 'string') return reference(schema, schema.$ref, walk, asBase)
  const out: Record<string, unknown> = {}
  for (const keyword of PLAIN) {
    const value = NUMERIC.has(keyword) ? rounded(schema[keyword]) : schema[keyword]
    if (fits(keyword, value)) out[keyword] = value
  }
  for (const keyword of ['title', 'description']) if (keyword in out) out[keyword] = textOf(out[keyword] as string)
  translateLimits(schema, out)
  translateTypes(schema, out, walk)
  examples(schema, out)
  members(schema, out, walk)
  combinations(schema, out, walk)
  const translated = nullable(schema, out)
  leaveOut(schema, out, translated, walk)
  return translated
}

/** Some documents paste whole pages and pictures into a property: what a model would read of it is its beginning. */
function textOf(text: string): string {
  return text.length > MOST_TEXT_CHARS ? cutText(cleanText(text), MOST_TEXT_CHARS) : stripInvisible(text)
}

const MOST_TEXT_CHARS = 1_000

function tooDeep({ pointer, findings }: Translation): JsonSchema {
  const message = `Nested more than ${DEEPEST} schemas deep; any value is taken below`
  findings.add({ code: 'schema-deep', severity: 'warning', pointer, message })
  return {}
}

/** 3.0 ignores what stands beside a reference but the texts; 3.1 applies both (B10). */
function reference(schema: Record<string, unknown>, target: string, walk: Translation, asBase: boolean): JsonSchema {
  const referred = walk.refer(target, walk.pointer, asBase)
  const { $ref: _ref, ...beside } = schema
  const modern = walk.family === '3.1' || walk.family === '3.2'
  const kept = modern ? translateSchema(beside, walk) : textsOf(beside)
  const isNullable = !modern && (beside.nullable === true || beside['x-nullable'] === true)
  const combined = Object.keys(kept).length > 0 ? { ...kept, ...referred } : referred
  return isNullable ? { anyOf: [combined, { type: 'null' }] } : combined
}

function textsOf(schema: Record<string, unknown>): JsonSchema {
  return typeof schema.description === 'string' ? { description: textOf(schema.description) } : {}
}

const NUMERIC = new Set([
  'multipleOf',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'minContains',
  'maxContains',
])
const TEXTUAL = ['title', 'description', 'format', 'pattern', 'contentEncoding', 'contentMediaType']
const FLAGS = ['uniqueItems', 'deprecated', 'writeOnly']
const PLAIN = [...NUMERIC, ...TEXTUAL, ...FLAGS, 'default', 'const']

function fits(keyword: string, value: unknown): boolean {
  if (value === undefined) return false
  if (NUMERIC.has(keyword)) return typeof value === 'number' && (value >= 0 || !NOT_NEGATIVE.test(keyword))
  if (TEXTUAL.includes(keyword)) return typeof value === 'string'
  return FLAGS.includes(keyword) ? value === true : true
}

const NOT_NEGATIVE = /Length|Items|Properties|Contains|multipleOf/

function examples(schema: Record<string, unknown>, out: Record<string, unknown>): void {
  if (Array.isArray(schema.examples)) out.examples = schema.examples
  else if (schema.example !== undefined) out.examples = [schema.example]
}

function members(schema: Record<string, unknown>, out: Record<string, unknown>, walk: Translation): void {
  const inner = (value: unknown, ...tokens: Array<string | number>) =>
    translateSchema(value, { ...walk, depth: walk.depth + 1, pointer: pointerTo(walk.pointer, ...tokens) })
  const properties = propertiesOf(schema, walk)
  if (properties) objectMembers(schema, properties, out, walk)
  else if (Array.isArray(schema.required) && schema.required.length > 0) out.required = unique(schema.required)
  for (const keyword of [
    'additionalProperties',
    'propertyNames',
    'contains',
    'unevaluatedProperties',
    'unevaluatedItems',
  ]) {
    const value = schema[keyword]
    if (typeof value === 'boolean') out[keyword] = value
    else if (isObject(value)) out[keyword] = inner(value, keyword)
  }
  for (const keyword of ['patternProperties', 'dependentSchemas']) {
    const value = schema[keyword]
    if (!isObject(value)) continue
    out[keyword] = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(item, keyword, key)]))
  }
  const tuple = Array.isArray(schema.prefixItems)
    ? schema.prefixItems
    : Array.isArray(schema.items)
      ? schema.items
      : undefined
  if (tuple) out.prefixItems = tuple.map((item, index) => inner(item, 'prefixItems', index))
  if (isObject(schema.items)) out.items = inner(schema.items, 'items')
  else if (schema.items === false) out.items = false
  if (isEnumOfItems(schema)) out.items = { ...(out.items as object | undefined), enum: schema.enum }
}

interface Properties {
  readonly values: Readonly<Record<string, unknown>>
  readonly pointer: string
}

/** The properties by name. A text called `$ref` among them is no property: some documents keep them elsewhere, all together. */
function propertiesOf(schema: Record<string, unknown>, walk: Translation): Properties | undefined {
  const pointer = pointerTo(walk.pointer, 'properties')
  if (!isObject(schema.properties)) return undefined
  const { $ref, ...values } = schema.properties
  if (typeof $ref !== 'string') return { values: schema.properties, pointer }
  const target = walk.declared($ref)
  const message = `A reference cannot stand for all properties; ${isObject(target) ? 'what it names was read' : `${$ref} names nothing in this document`}`
  walk.findings.add({
    code: 'properties-ref',
    severity: 'warning',
    pointer,
    message,
    fix: 'Write the properties here.',
  })
  return isObject(target) ? { values: { ...target, ...values }, pointer: pointerOf($ref) } : { values, pointer }
}

function objectMembers(
  schema: Record<string, unknown>,
  { values, pointer }: Properties,
  out: Record<string, unknown>,
  walk: Translation,
): void {
  const kept = Object.entries(values).filter(([, value]) => !isLeftOut(value, walk))
  const inner = (key: string, value: unknown) =>
    translateSchema(value, { ...walk, depth: walk.depth + 1, pointer: pointerTo(pointer, key) })
  out.properties = Object.fromEntries(kept.map(([key, value]) => [key, inner(key, value)]))
  const required = Array.isArray(schema.required) ? unique(schema.required) : []
  if (required.length > 0) out.required = required
}

/** What only the server writes is no argument; what only the client writes is in no answer (B53). */
function isLeftOut(property: unknown, { direction, declared }: Translation): boolean {
  const flag = direction === 'request' ? 'readOnly' : 'writeOnly'
  if (!isObject(property)) return false
  const target = typeof property.$ref === 'string' ? declared(property.$ref) : undefined
  return property[flag] === true || (isObject(target) && target[flag] === true)
}

/** What is left out of an object, here or in a part of its `allOf`, cannot be required of anybody. */
function leaveOut(
  schema: Record<string, unknown>,
  out: Record<string, unknown>,
  translated: JsonSchema,
  walk: Translation,
): void {
  const own = Object.entries(propertiesOf(schema, walk)?.values ?? {})
    .filter(([, value]) => isLeftOut(value, walk))
    .map(([name]) => name)
  const parts = Array.isArray(out.allOf) ? (out.allOf as JsonSchema[]) : []
  const names = new Set([...own, ...parts.flatMap((part) => [...(walk.leftOut.get(walk.target(part)) ?? [])])])
  if (names.size === 0) return
  walk.leftOut.set(translated, names)
  for (const part of [translated, ...parts] as Array<Record<string, unknown>>) {
    if (!Array.isArray(part.required)) continue
    const left = part.required.filter((name) => !names.has(name as string))
    if (left.length > 0) part.required = left
    else delete part.required
  }
}

function unique(names: unknown[]): string[] {
  return [...new Set(names.filter((name) => typeof name === 'string'))]
}

function combinations(schema: Record<string, unknown>, out: Record<string, unknown>, walk: Translation): void {
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    const branches = schema[keyword]
    if (!Array.isArray(branches) || branches.length === 0) continue
    const translated = branches.map((branch, index) => {
      const at = { ...walk, depth: walk.depth + 1, pointer: pointerTo(walk.pointer, keyword, index) }
      const inner = translateSchema(branch, at, keyword === 'allOf')
      return keyword === 'allOf' ? inner : tellBranch(inner, branch, schema.discriminator, walk.target)
    })
    // Real documents overlap their branches; a caller cannot be asked to fit exactly one of them.
    if (keyword === 'oneOf' && out.anyOf) out.allOf = [...((out.allOf as unknown[]) ?? []), { anyOf: translated }]
    else out[keyword === 'oneOf' ? 'anyOf' : keyword] = translated
  }
  for (const keyword of ['not', 'if', 'then', 'else'] as const) {
    if (isObject(schema[keyword])) {
      out[keyword] = translateSchema(schema[keyword], {
        ...walk,
        depth: walk.depth + 1,
        pointer: pointerTo(walk.pointer, keyword),
      })
    }
  }
}

/** `nullable` (3.0) and `x-nullable` (2.0) as a type that takes null (B47); without a type it restricts nothing (B48). */
function nullable(schema: Record<string, unknown>, out: Record<string, unknown>): JsonSchema {
  if (schema.nullable !== true && schema['x-nullable'] !== true) return out
  if (Array.isArray(out.enum) && !out.enum.includes(null)) out.enum = [...out.enum, null]
  if (typeof out.type === 'string') return { ...out, type: out.type === 'null' ? 'null' : [out.type, 'null'] }
  if (Array.isArray(out.type)) return { ...out, type: [...new Set([...out.type, 'null'])] }
  const { description, title, default: fallback, ...rest } = out
  if (!('anyOf' in rest) && !('allOf' in rest)) return out
  const texts = Object.fromEntries(
    Object.entries({ description, title, default: fallback }).filter(([, value]) => value !== undefined),
  )
  return { ...texts, anyOf: [rest, { type: 'null' }] }
}

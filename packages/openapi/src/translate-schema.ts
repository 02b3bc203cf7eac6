import type { JsonSchema } from '@sluice/contract'
import { isObject, READ_ONLY, stripInvisible } from '@sluice/schema'
import { cleanText, cutText } from './clean-text.ts'
import { CLOSING, followed, hasMoreInParts, isClosedFor, isNever } from './closed-schemas.ts'
import { tellBranch } from './discriminator.ts'
import { pointerTo } from './json-pointer.ts'
import { branchesOf, tellMisshapen, tellNoSchema } from './misshapen-keywords.ts'
import { isNullable, nullable } from './nullable.ts'
import { isLeftOut, leaveOut, type Properties, propertiesOf, unique } from './object-properties.ts'
import {
  isEnumOfItems,
  itemsOfEnum,
  rounded,
  translateLimits,
  translatePattern,
  translateTypes,
  withoutNulls,
} from './translate-kind.ts'
import type { ReferredAs, Translation } from './translation.ts'

/** Arguments cannot be deeper (LIMITS.argumentDepth); unions between their levels count too. */
const DEEPEST = 128

/**
 * One Schema Object of any OpenAPI version as JSON Schema 2020-12: `nullable` becomes a type, boolean exclusive limits become
 * numbers, OpenAPI's own keywords and what the server alone writes (`readOnly`) are dropped. Unknown values never throw.
 */
export function translateSchema(given: unknown, walk: Translation, as: ReferredAs = 'value'): JsonSchema {
  if (given === false) return { not: {} }
  if (!isObject(given)) {
    tellNoSchema(given, walk)
    return {}
  }
  const schema = withoutNulls(given, walk.family)
  if (walk.depth > DEEPEST) return tooDeep(walk)
  if (typeof schema.$ref === 'string') return reference(schema, schema.$ref, walk, as)
  tellMisshapen(schema, walk)
  const out: Record<string, unknown> = {}
  for (const keyword of PLAIN) {
    const declared = schema[keyword]
    if (declared === undefined) continue
    const value = NUMERIC.has(keyword) ? rounded(declared) : declared
    if (fits(keyword, value)) out[keyword] = value
  }
  for (const keyword of ['title', 'description']) if (keyword in out) out[keyword] = textOf(out[keyword] as string)
  translateLimits(schema, out)
  translatePattern(schema, out, walk)
  translateTypes(schema, out, walk)
  examples(schema, out)
  const own = members(schema, out, walk)
  unclose(schema, out, walk, as)
  combinations(schema, out, walk, as)
  leaveOut(own, out, walk)
  return nullable(schema, out, walk)
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
function reference(schema: Record<string, unknown>, target: string, walk: Translation, as: ReferredAs): JsonSchema {
  const { $ref: _ref, ...beside } = schema
  const modern = walk.family === '3.1' || walk.family === '3.2'
  const kept = modern ? translateSchema(beside, walk) : textsOf(beside)
  const adds = modern && addsTo(walk.declared(target), beside)
  const referred = walk.refer(target, walk.pointer, adds && isObject(beside.properties) ? 'part' : as)
  const combined = adds
    ? addedTo(referred, kept, walk)
    : Object.keys(kept).length > 0
      ? { ...kept, ...referred }
      : referred
  return isNullable(beside) ? { anyOf: [combined, { type: 'null' }] } : combined
}

/** Whether both describe parts of a whole: merged, those of one would be lost. */
function addsTo(target: unknown, beside: Record<string, unknown>): boolean {
  const hasParts = (one: Record<string, unknown>) => PARTS.some((keyword) => keyword in one)
  return hasParts(beside) && isObject(target) && ('$ref' in target || hasParts(target))
}

const PARTS = ['properties', 'required', 'allOf', 'anyOf', 'oneOf', 'patternProperties', 'dependentRequired']

function addedTo(referred: JsonSchema, kept: JsonSchema, walk: Translation): JsonSchema {
  const whole = { ...kept, allOf: [referred, ...(Array.isArray(kept.allOf) ? kept.allOf : [])] }
  leaveOut([...(walk.leftOut.get(kept) ?? [])], whole, walk)
  return whole
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
const TEXTUAL = ['title', 'description', 'format', 'contentEncoding', 'contentMediaType']
const FLAGS = ['uniqueItems', 'deprecated', 'writeOnly']
const PLAIN = [...NUMERIC, ...TEXTUAL, ...FLAGS, 'default', 'const']

function fits(keyword: string, value: unknown): boolean {
  if (NUMERIC.has(keyword)) return typeof value === 'number' && (value >= 0 || !NOT_NEGATIVE.test(keyword))
  if (TEXTUAL.includes(keyword)) return typeof value === 'string'
  return FLAGS.includes(keyword) ? value === true : true
}

const NOT_NEGATIVE = /Length|Items|Properties|Contains|multipleOf/

function examples(schema: Record<string, unknown>, out: Record<string, unknown>): void {
  if (Array.isArray(schema.examples)) out.examples = schema.examples
  else if (schema.example !== undefined) out.examples = [schema.example]
}

/** The names that were left out are returned. */
function members(schema: Record<string, unknown>, out: Record<string, unknown>, walk: Translation): readonly string[] {
  const inner = (value: unknown, ...tokens: Array<string | number>) =>
    translateSchema(value, { ...walk, depth: walk.depth + 1, pointer: pointerTo(walk.pointer, ...tokens) })
  const properties = propertiesOf(schema, walk)
  const left = properties ? objectMembers(schema, properties, out, walk) : []
  if (!properties && Array.isArray(schema.required) && schema.required.length > 0)
    out.required = unique(schema.required)
  for (const keyword of [
    'additionalProperties',
    'propertyNames',
    'contains',
    'unevaluatedProperties',
    'unevaluatedItems',
  ]) {
    const value = schema[keyword]
    if (typeof value === 'boolean') out[keyword] = value
    else if (isNever(value)) out[keyword] = false
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
  const together = Object.entries(isObject(schema.dependentRequired) ? schema.dependentRequired : {})
  if (together.length > 0)
    out.dependentRequired = Object.fromEntries(together.map(([key, names]) => [key, unique([names].flat())]))
  if (isObject(schema.items)) out.items = inner(schema.items, 'items')
  else if (schema.items === false) out.items = false
  if (isEnumOfItems(schema)) out.items = itemsOfEnum(schema.enum, out.items)
  return left
}

function objectMembers(
  schema: Record<string, unknown>,
  { values, pointer }: Properties,
  out: Record<string, unknown>,
  walk: Translation,
): readonly string[] {
  const kept: Array<[string, unknown]> = []
  const left: string[] = []
  for (const [key, value] of Object.entries(values)) {
    if (isLeftOut(value, walk)) left.push(key)
    else kept.push([key, value])
  }
  const inner = (key: string, value: unknown) =>
    translateSchema(value, { ...walk, depth: walk.depth + 1, pointer: pointerTo(pointer, key) })
  out.properties = Object.fromEntries(kept.map(([key, value]) => [key, inner(key, value)]))
  const required = Array.isArray(schema.required) ? unique(schema.required) : []
  if (required.length > 0) out.required = required
  if (left.length > 0 && walk.direction === 'request') out[READ_ONLY] = left.toSorted()
  return left
}

/** What is closed is open for what the others have that it is a part of, and for what its own parts have. */
function unclose(
  schema: Record<string, unknown>,
  out: Record<string, unknown>,
  walk: Translation,
  as: ReferredAs,
): void {
  if (as === 'part') for (const keyword of CLOSING) if (out[keyword] === false) delete out[keyword]
  if (out.additionalProperties === false && hasMoreInParts(schema, walk.declared)) delete out.additionalProperties
}

/** Whether several parts describe properties: a closed one would refuse those of the others, which nobody can mean. */
function isOfSeveral({ allOf, ...own }: Record<string, unknown>, { declared }: Translation): boolean {
  if (!Array.isArray(allOf)) return false
  const parts = allOf.map((part) => followed(part, declared))
  return [own, ...parts].filter((part) => isObject(part) && (isObject(part.properties) || part.allOf)).length > 1
}

function combinations(
  schema: Record<string, unknown>,
  out: Record<string, unknown>,
  walk: Translation,
  as: ReferredAs,
): void {
  const partAs = as === 'part' || isOfSeveral(schema, walk) ? 'part' : 'base'
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    const branches = branchesOf(schema[keyword])
    if (branches.length === 0) continue
    const translated = branches.map((branch, index) => {
      const at = {
        ...walk,
        depth: walk.depth + 1,
        pointer: pointerTo(walk.pointer, keyword, ...(Array.isArray(schema[keyword]) ? [index] : [])),
      }
      const branchAs = isClosedFor(schema, branch, walk.declared) ? 'part' : 'value'
      const inner = translateSchema(branch, at, keyword === 'allOf' ? partAs : branchAs)
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

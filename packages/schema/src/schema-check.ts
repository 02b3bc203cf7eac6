import type { JsonSchema } from '@sluice/contract'
import { Ajv2020, type AnySchema, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { CheckTooCostly, withBudget } from './check-budget.ts'
import { COST_KEYWORD, withCosts } from './cost-keyword.ts'
import { EQUALITY_KEYWORDS } from './equality-keywords.ts'
import { approximate } from './exact-json.ts'
import { REFERENCE_KEYWORD, withLazyReferences } from './lazy-references.ts'
import { linearRegExp } from './linear-reg-exp.ts'
import { isObject } from './walk-schema.ts'

/** One way in which a value does not fit. `path` is dotted (`filter.limit`), empty for the whole. */
export interface SchemaFault {
  readonly path: string
  readonly keyword: string
  readonly message: string
  /** The property that is missing or not known. */
  readonly property?: string
}

/**
 * Checks a value against a schema of dialect 2020-12. Compiled at first use and kept as long as the schema object lives.
 * Exact numbers are checked rounded. An empty list means it fits.
 */
export function checkSchema(schema: JsonSchema, value: unknown): SchemaFault[] {
  const rounded = approximate(value)
  const faults = run(compiled(schema, THOROUGH), rounded)
  if (faults[0]?.keyword !== GIVEN_UP) return faults
  // A branch of a union is now left at its first fault, and so are its branches: much less to look at.
  const first = run(compiled(schema, QUICK), rounded)
  return first[0]?.keyword === 'depth' ? faults : first
}

/** Compiles what checks schemas themselves, some 60 ms: who has a moment need not leave that to the first check. */
export function prepareChecks(): void {
  checkSchema({ type: 'object' }, {})
}

/** What one check may look at: some tenths of a second at most (S27). */
const MOST_UNITS = 1_500_000

const GIVEN_UP = 'complexity'

function run(validate: ValidateFunction, value: unknown): SchemaFault[] {
  try {
    if (withBudget(MOST_UNITS, () => validate(value))) return []
    return (validate.errors ?? []).filter((error) => !REPEATS_ANOTHER.has(error.keyword)).map(toFault)
  } catch (error) {
    if (error instanceof CheckTooCostly)
      return [{ path: '', keyword: GIVEN_UP, message: 'is too complex to be checked' }]
    // The checker of a very deep schema can run out of stack, long after it was compiled.
    if (error instanceof RangeError)
      return [{ path: '', keyword: 'depth', message: 'is nested deeper than can be checked' }]
    throw error
  } finally {
    validate.errors = null
  }
}

interface Checker {
  readonly ajv: Ajv2020
  readonly known: WeakMap<JsonSchema, ValidateFunction>
}

function checker(allErrors: boolean): Checker {
  const ajv = new Ajv2020({
    strict: false,
    allErrors,
    logger: false,
    // 19.99 is a multiple of 0.01, whatever doubles say.
    multipleOfPrecision: 8,
    addUsedSchema: false,
    // A large definition that is named often would be written out at each place.
    inlineRefs: 10,
    // A spec's patterns are foreign: they run on an engine that cannot backtrack (S26).
    code: { regExp: linearRegExp, optimize: false },
  })
  addFormats.default(ajv)
  // No format of JSON Schema or OpenAPI, and as it is there it would refuse http://localhost.
  ajv.addFormat('url', true)
  // Many APIs write times without an offset, or without seconds; they know what they take.
  ajv.addFormat('date-time', ajv.formats['iso-date-time']!)
  ajv.addFormat('time', TIME)
  // .NET takes 01:30:00, Go 1h30m, and neither takes PT1H30M. An expression is of the language of the API.
  for (const format of ['duration', 'regex']) ajv.addFormat(format, true)
  for (const definition of EQUALITY_KEYWORDS) ajv.removeKeyword(definition.keyword as string).addKeyword(definition)
  ajv.addKeyword(COST_KEYWORD).addKeyword(REFERENCE_KEYWORD)
  return { ajv, known: new WeakMap() }
}

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d+)?)?(?:z|[+-]\d\d(?::?\d\d)?)?$/i

const QUICK = checker(false)
const THOROUGH = checker(true)

function compiled(schema: JsonSchema, { ajv, known }: Checker): ValidateFunction {
  let validate = known.get(schema)
  if (!validate) {
    validate = compile(schema, ajv)
    known.set(schema, validate)
  }
  return validate
}

/** A schema that cannot be compiled would refuse every value: then only the names are checked. */
function compile(schema: JsonSchema, ajv: Ajv2020): ValidateFunction {
  try {
    return compileOnce(
      withLazyReferences(withCosts(schema), (definition) => compileDefinition(definition, ajv)),
      ajv,
    )
  } catch {
    return compileOnce(namesOf(schema), ajv)
  }
}

function compileDefinition(definition: AnySchema, ajv: Ajv2020): ValidateFunction {
  try {
    return compileOnce(definition, ajv)
  } catch {
    return ajv.compile(true)
  }
}

function compileOnce(schema: AnySchema, ajv: Ajv2020): ValidateFunction {
  try {
    return ajv.compile(schema)
  } finally {
    // Ajv would keep every schema it ever saw; the WeakMap lets go of it with the catalog.
    if (isObject(schema)) ajv.removeSchema(schema)
  }
}

/** What is left to check of one that cannot be compiled. */
function namesOf({ type, required, additionalProperties, properties }: JsonSchema): JsonSchema {
  const names = Object.keys(isObject(properties) ? properties : {})
  return { type, required, additionalProperties, properties: Object.fromEntries(names.map((name) => [name, true])) }
}

// "must match a schema in anyOf" repeats what its branches said; `if` likewise.
const REPEATS_ANOTHER = new Set(['if'])

function toFault(error: ErrorObject): SchemaFault {
  const params = error.params as Record<string, unknown>
  const property = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty
  return {
    path: dotted(error.instancePath),
    keyword: error.keyword,
    message: messageOf(error.keyword, params) ?? error.message ?? error.keyword,
    ...(typeof property === 'string' ? { property } : {}),
  }
}

/** Where Ajv does not say what was wanted. */
function messageOf(keyword: string, { allowedValues, allowedValue, format }: Record<string, unknown>) {
  if (keyword === 'enum') return `must be one of ${list(allowedValues)}`
  if (keyword === 'const') return `must be ${JSON.stringify(allowedValue)}`
  const example = keyword === 'format' ? EXAMPLES.get(String(format)) : undefined
  return example && `must match format "${format}", such as ${example}`
}

/** Of the formats that are given in other forms. */
const EXAMPLES = new Map([
  ['date-time', '2025-12-31T23:59:59Z'],
  ['date', '2025-12-31'],
  ['time', '23:59:59Z'],
  ['duration', 'P1DT12H'],
  ['uuid', '123e4567-e89b-12d3-a456-426614174000'],
  ['email', 'ada@example.com'],
  ['uri', 'https://example.com/a'],
  ['byte', 'aGVsbG8='],
])

function list(values: unknown): string {
  const texts = (Array.isArray(values) ? values : []).map((value) => JSON.stringify(value))
  return texts.length > 20 ? `${texts.slice(0, 20).join(', ')} and ${texts.length - 20} more` : texts.join(', ')
}

function dotted(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.')
}

import type { JsonSchema } from '@sluice/contract'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { EQUALITY_KEYWORDS } from './equality-keywords.ts'
import { approximate } from './exact-json.ts'
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
  const validate = compiled(schema)
  if (passes(validate, approximate(value))) return []
  if (!validate.errors) return [{ path: '', keyword: 'depth', message: 'is nested deeper than can be checked' }]
  return (validate.errors ?? []).filter((error) => !REPEATS_ANOTHER.has(error.keyword)).map(toFault)
}

/** The checker of a very deep schema can run out of stack, long after it was compiled. */
function passes(validate: ValidateFunction, value: unknown): boolean {
  try {
    return validate(value) as boolean
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    validate.errors = null
    return false
  }
}

const ajv = new Ajv2020({
  strict: false,
  allErrors: true,
  logger: false,
  addUsedSchema: false,
  // A spec's patterns are foreign: they run on an engine that cannot backtrack (S26).
  code: { regExp: linearRegExp },
})
addFormats.default(ajv)
for (const definition of EQUALITY_KEYWORDS) ajv.removeKeyword(definition.keyword as string).addKeyword(definition)

const checks = new WeakMap<JsonSchema, ValidateFunction>()

function compiled(schema: JsonSchema): ValidateFunction {
  let validate = checks.get(schema)
  if (!validate) {
    validate = compile(schema)
    checks.set(schema, validate)
  }
  return validate
}

function compile(schema: JsonSchema): ValidateFunction {
  try {
    return ajv.compile(schema)
  } catch {
    // A schema that cannot be compiled would refuse every value: then only the names are checked.
    const names = Object.keys(isObject(schema.properties) ? schema.properties : {})
    const { type, required, additionalProperties } = schema
    return ajv.compile({
      type,
      required,
      additionalProperties,
      properties: Object.fromEntries(names.map((name) => [name, true])),
    })
  } finally {
    // Ajv would keep every schema it ever saw; the WeakMap lets go of it with the catalog.
    ajv.removeSchema(schema)
  }
}

// "must match a schema in anyOf" repeats what its branches said; `if` likewise.
const REPEATS_ANOTHER = new Set(['if'])

function toFault(error: ErrorObject): SchemaFault {
  const params = error.params as Record<string, unknown>
  const property = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty
  return {
    path: dotted(error.instancePath),
    keyword: error.keyword,
    message:
      error.keyword === 'enum' ? `must be one of ${list(params.allowedValues)}` : (error.message ?? error.keyword),
    ...(typeof property === 'string' ? { property } : {}),
  }
}

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

import type { JsonSchema } from '@sluice/contract'
import type { AnySchema, FuncKeywordDefinition, ValidateFunction } from 'ajv/dist/2020.js'
import { mapSchema } from './map-schema.ts'
import { definitionName, isObject } from './walk-schema.ts'

const REFERENCE = 'x-sluice-reference'

/** A reference as the value of its keyword: compiles what it points to. */
type Reference = () => ValidateFunction

/**
 * A copy whose references are followed when a value gets there, and compiled then. All definitions of one large
 * operation take half a second, in which nobody is served; a call reaches few of them. A schema that asks what was
 * evaluated below its references (`unevaluatedProperties`, JSON Schema 2020-12, Core 11) stays as it is.
 */
export function withLazyReferences(schema: JsonSchema, compile: (schema: AnySchema) => ValidateFunction): JsonSchema {
  let asksBelow = false
  let definitions: JsonSchema = {}
  const references = new Map<string, Reference>()
  const referenceTo = (name: string): Reference => {
    const reference = references.get(name) ?? once(() => compile((definitions[name] as AnySchema | undefined) ?? true))
    references.set(name, reference)
    return reference
  }
  const { $defs, ...copy } = mapSchema(schema, (inner) => {
    asksBelow ||= 'unevaluatedProperties' in inner || 'unevaluatedItems' in inner
    const { $ref, ...rest } = inner
    const name = definitionName($ref)
    return name === undefined ? inner : { ...rest, [REFERENCE]: referenceTo(name) }
  })
  if (asksBelow) return schema
  if (isObject($defs)) definitions = Object.assign(Object.create(null), $defs)
  return copy
}

export const REFERENCE_KEYWORD: FuncKeywordDefinition = {
  keyword: REFERENCE,
  compile: (reference: Reference) => {
    const check: ReturnType<NonNullable<FuncKeywordDefinition['compile']>> = (value, place) => {
      const validate = reference()
      if (validate(value, place)) return true
      check.errors = validate.errors ?? []
      return false
    }
    return check
  },
}

function once(make: () => ValidateFunction): Reference {
  let made: ValidateFunction | undefined
  return () => {
    made ??= make()
    return made
  }
}

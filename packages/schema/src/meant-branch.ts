import type { JsonSchema } from '@sluice/contract'
import { takesType } from './heal-value.ts'
import { objectParts, targetOf } from './object-parts.ts'
import { valuesOf } from './of-type.ts'
import { placeOf } from './place-of.ts'
import { checkSchema, type SchemaFault } from './schema-check.ts'
import { isObject } from './walk-schema.ts'

/**
 * As `checkSchema`; but where a value fits no branch of a union, and only one takes its type or lists the values that it has (of a `type`
 * or `kind`), what that branch has to say of it counts, and what the others do is left out.
 */
export function checkMeant(schema: JsonSchema, value: unknown): SchemaFault[] {
  return narrowed(schema, value, MOST_UNIONS)
}

/** Each union within a union is one check more, which may be as large as the first (S27). */
const MOST_UNIONS = 2

function narrowed(schema: JsonSchema, value: unknown, left: number): SchemaFault[] {
  const faults = checkSchema(schema, value)
  if (left === 0) return faults
  const [union] = faults.filter(({ keyword }) => keyword === 'anyOf').toSorted((a, b) => a.path.length - b.path.length)
  const place = union && placeOf(union.path, schema, value)
  const branch = place && meantBranch(place.schema, place.value, schema)
  if (!place || !branch) return faults
  const { path } = union
  const within = narrowed(standingAlone(branch, schema), place.value, left - 1)
  // It may fit now: then what keeps the value out is said elsewhere.
  if (within.length === 0) return faults
  const others = faults.filter((fault) => fault.path !== path && !fault.path.startsWith(path === '' ? '' : `${path}.`))
  return [...others, ...within.map((fault) => ({ ...fault, path: [path, fault.path].filter(Boolean).join('.') }))]
}

/** The only branch that takes an object or a list, as beside null; or that lists a value which is given, and none that is not. */
function meantBranch(schema: JsonSchema, value: unknown, root: JsonSchema): JsonSchema | undefined {
  const { anyOf } = targetOf(schema, root)
  if (!Array.isArray(anyOf) || typeof value !== 'object' || value === null) return undefined
  const taking = anyOf.filter(isObject).filter((branch) => takesType(branch, value, root))
  if (taking.length === 1 || !isObject(value)) return taking.length === 1 ? taking[0] : undefined
  const listing = taking.filter((branch) => {
    const said = Object.entries(objectParts(targetOf(branch, root), root).properties).flatMap(([name, property]) => {
      const values = isObject(property) ? valuesOf(targetOf(property, root)) : undefined
      return values && Object.hasOwn(value, name) ? [values.includes(value[name])] : []
    })
    return said.length > 0 && said.every(Boolean)
  })
  return listing.length === 1 ? listing[0] : undefined
}

/** With the definitions that it refers to; the same object each time, so that it is compiled once. */
function standingAlone(branch: JsonSchema, root: JsonSchema): JsonSchema {
  const found = alone.get(branch)
  if (found) return found
  const made = { ...branch, ...(root.$defs === undefined ? {} : { $defs: root.$defs }) }
  alone.set(branch, made)
  return made
}

const alone = new WeakMap<JsonSchema, JsonSchema>()

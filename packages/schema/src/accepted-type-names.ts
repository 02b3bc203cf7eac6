import type { JsonSchema } from '@sluice/contract'
import { targetOf } from './object-parts.ts'
import { typesOfAll, valuesOf } from './of-type.ts'
import { isObject } from './walk-schema.ts'

type Types = ReadonlySet<string> | undefined

/** Kept as long as the schema object lives; nothing while it is looked for, which ends a ring. */
const known = new WeakMap<JsonSchema, Types>()

/** The types a schema takes, or nothing where it says nothing of types. */
export function acceptedTypeNames(schema: JsonSchema, root: JsonSchema): Types {
  if (known.has(schema)) return known.get(schema)
  known.set(schema, undefined)
  const types = typesOf(schema, root)
  known.set(schema, types)
  return types
}

function typesOf(schema: JsonSchema, root: JsonSchema): Types {
  const declared = schema.type
  if (typeof declared === 'string') return new Set([declared])
  if (Array.isArray(declared)) return new Set(declared.filter((type) => typeof type === 'string'))
  const typesIn = (part: unknown) => (isObject(part) ? acceptedTypeNames(targetOf(part, root), root) : undefined)
  for (const branches of [schema.anyOf, schema.oneOf]) {
    if (!Array.isArray(branches)) continue
    const types = branches.map(typesIn)
    return types.includes(undefined) ? undefined : new Set(types.flatMap((set) => [...set!]))
  }
  for (const part of Array.isArray(schema.allOf) ? schema.allOf : []) {
    const types = typesIn(part)
    if (types) return types
  }
  const values = valuesOf(schema)
  if (values && values.length > 0) return new Set(typesOfAll(values))
  return isObject(schema.properties) ? new Set(['object']) : undefined
}

import type { JsonSchema } from '@sluice/contract'
import { definitionName, isObject, objectOf, resolveLocal } from '@sluice/schema'

export type SchemaAt =
  | { readonly schema: JsonSchema }
  /** Where the way ends, and what there is instead. */
  | {
      readonly missing: string
      readonly known: readonly string[]
      /** Nothing is said of what there is: a schema that takes anything, as where a large answer's was cut. */
      readonly isOpen: boolean
    }

/** The part of a schema that names lead to; lists and alternatives are entered by themselves. */
export function schemaAt(root: JsonSchema, names: readonly string[]): SchemaAt {
  let schemas: JsonSchema[] = [root]
  for (const name of names) {
    const objects = schemas.flatMap((schema) => opened(schema, root))
    const found = objects.flatMap((schema) => memberOf(schema, name))
    if (found.length === 0) {
      const known = objects.flatMap((schema) => Object.keys(objectOf(schema.properties)))
      return { missing: name, known: [...new Set(known)], isOpen: known.length === 0 && objects.some(isOpen) }
    }
    schemas = found
  }
  const [single, ...others] = schemas
  return { schema: others.length === 0 ? single! : { anyOf: schemas } }
}

/** A part of a schema with the definitions that it reaches, and no others. */
export function withOwnDefinitions(part: JsonSchema, { $defs }: JsonSchema): JsonSchema {
  const all = objectOf($defs)
  const names = new Set(namesIn(part))
  // A set is walked in the order in which it grows.
  for (const name of names) for (const other of namesIn(all[name])) names.add(other)
  const own = [...names].filter((name) => Object.hasOwn(all, name)).map((name) => [name, all[name]])
  return own.length > 0 ? { ...part, $defs: Object.fromEntries(own) } : part
}

function namesIn(schema: unknown): string[] {
  const found = (JSON.stringify(schema) ?? '').matchAll(/"\$ref":"([^"\\]*)"/g)
  return [...found].flatMap(([, reference]) => definitionName(reference) ?? [])
}

/** The schemas that stand for members: through references, lists and alternatives. */
function opened(schema: JsonSchema, root: JsonSchema, depth = 0): JsonSchema[] {
  if (depth > 10) return []
  const own = resolveLocal(schema, root)
  const parts = [own.items, own.allOf, own.anyOf, own.oneOf].flat().filter(isObject)
  return [own, ...parts.flatMap((part) => opened(part, root, depth + 1))]
}

/** Nothing is said of its members, as of an object or a list whose schema was cut. */
function isOpen(schema: JsonSchema): boolean {
  const says = ['properties', 'items', 'anyOf', 'oneOf', 'allOf', 'enum', 'const']
  const types = schema.type === undefined ? ['object'] : [schema.type].flat()
  return types.some((type) => type === 'object' || type === 'array') && !says.some((keyword) => keyword in schema)
}

/** A map has members of any name. */
function memberOf({ properties, additionalProperties }: JsonSchema, name: string): JsonSchema[] {
  const members = objectOf(properties)
  const member = Object.hasOwn(members, name) ? members[name] : additionalProperties
  return isObject(member) ? [member] : []
}

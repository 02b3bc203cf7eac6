import type { JsonSchema } from '@sluice/contract'
import { isObject, objectOf, resolveLocal, stringifyJson } from '@sluice/schema'

/** The values that an argument can have, as texts; empty where its schema does not name them all. */
export function valuesOf(inputSchema: JsonSchema, argument: string): readonly string[] {
  const properties = objectOf(inputSchema.properties)
  return Object.hasOwn(properties, argument) ? [...new Set(named(properties[argument], inputSchema, 0))] : []
}

const DEEPEST = 8

function named(schema: unknown, root: JsonSchema, depth: number): string[] {
  if (!isObject(schema) || depth > DEEPEST) return []
  const target = resolveLocal(schema, root)
  if (Array.isArray(target.enum)) return texts(target.enum)
  if ('const' in target) return texts([target.const])
  if ([target.type].flat().includes('boolean')) return ['true', 'false']
  const branches = [target.anyOf, target.oneOf].filter(Array.isArray).flat()
  return branches.flatMap((branch) => named(branch, root, depth + 1))
}

/** Null is what is left out. */
function texts(values: readonly unknown[]): string[] {
  return values
    .filter((value) => value !== null)
    .map((value) => (typeof value === 'string' ? value : stringifyJson(value)))
}

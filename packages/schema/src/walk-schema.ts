import type { JsonSchema } from '@sluice/contract'

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The name a local reference (`#/$defs/Name`) points to, or nothing. */
export function definitionName(ref: unknown): string | undefined {
  if (typeof ref !== 'string' || !ref.startsWith('#/$defs/')) return undefined
  return ref.slice('#/$defs/'.length).replaceAll('~1', '/').replaceAll('~0', '~')
}

/** What a reference into the root's `$defs` stands for; any other schema is returned as it is. A ring of references ends in `{}`. */
export function resolveLocal(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let current = schema
  for (let hops = 0; hops < 32; hops++) {
    const name = definitionName(current.$ref)
    if (name === undefined) return current
    const definitions = root.$defs
    const target = isObject(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined
    if (!isObject(target)) return {}
    const { $ref: _ref, ...beside } = current
    current = Object.keys(beside).length > 0 ? { ...target, ...beside } : target
  }
  return {}
}

export function objectOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {}
}

export function asStrings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

import type { JsonSchema } from '@sluice/contract'
import { isObject } from '@sluice/schema'

/** A schema cut to a number of characters of JSON: what lies deepest is left out first, and where it was is told. */
export function elideSchema(schema: JsonSchema, chars: number): JsonSchema {
  for (let depth = DEEPEST; depth > 0; depth--) {
    const shown = depth === DEEPEST ? schema : (cutBelow(schema, depth, '') as JsonSchema)
    if (JSON.stringify(shown).length <= chars) return shown
  }
  return { type: 'object', description: `Too large to show: ${ADVICE} the name of an argument.` }
}

const DEEPEST = 12
const ADVICE = 'describe_tools with path'

/** Depth counts objects, as a reader does. */
function cutBelow(schema: unknown, depth: number, path: string): unknown {
  if (Array.isArray(schema)) return schema.map((item) => cutBelow(item, depth, path))
  if (!isObject(schema)) return schema
  if (depth === 0 && isDeep(schema)) return stub(schema, path)
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (keyword === 'description' && depth <= 2 && typeof value === 'string') return [keyword, value.slice(0, 120)]
      if (keyword !== 'properties' || !isObject(value)) return [keyword, cutBelow(value, depth, path)]
      const members = Object.entries(value).map(([name, member]) => [
        name,
        cutBelow(member, depth - 1, path === '' ? name : `${path}.${name}`),
      ])
      return [keyword, Object.fromEntries(members)]
    }),
  )
}

function isDeep(schema: Record<string, unknown>): boolean {
  return ['properties', 'items', 'anyOf', 'oneOf', 'allOf', 'additionalProperties'].some(
    (word) => isObject(schema[word]) || Array.isArray(schema[word]),
  )
}

function stub({ type }: Record<string, unknown>, path: string): object {
  return { ...(type === undefined ? {} : { type }), description: `More: ${ADVICE} "${path}".` }
}

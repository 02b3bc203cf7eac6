import type { JsonSchema } from '@sluice/contract'
import { definitionName, isObject, objectOf, resolveLocal } from '@sluice/schema'
import { cutText } from './cut-text.ts'

/**
 * A schema within a number of characters of JSON: as it is where it fits, else with its definitions in place, as deep as fits,
 * and where something was left out is told. `path` is what `describe_tools` calls the whole.
 */
export function elideSchema(root: JsonSchema, chars: number, path = ''): JsonSchema {
  if (JSON.stringify(root).length <= chars) return root
  let shown: JsonSchema | undefined
  // From the top: what a level adds is bounded by what the one above it shows.
  for (let depth = 1; depth <= DEEPEST; depth++) {
    const deeper = cutBelow(root, { root, depth, path, within: [] }) as JsonSchema
    if (JSON.stringify(deeper).length > chars) break
    shown = deeper
  }
  return shown ?? namesOf(root, chars, path)
}

const DEEPEST = 12
const ADVICE = 'describe_tools with path'

/** Where in a schema the cutter is. */
interface Place {
  readonly root: JsonSchema
  /** Levels of objects that are still shown, as a reader counts them. */
  readonly depth: number
  readonly path: string
  /** Definitions that are open: one of them again is a ring. */
  readonly within: readonly string[]
}

function cutBelow(schema: unknown, place: Place): unknown {
  if (Array.isArray(schema)) return schema.map((item) => cutBelow(item, place))
  if (!isObject(schema)) return schema
  const name = definitionName(schema.$ref)
  if (name === undefined) return cutObject(schema, place)
  const target = resolveLocal(schema, place.root)
  if (place.within.includes(name)) return stub(target, place.path)
  return cutObject(target, { ...place, within: [...place.within, name] })
}

function cutObject(schema: JsonSchema, place: Place): unknown {
  if (place.depth === 0 && isDeep(schema)) return stub(schema, place.path)
  const shown = Object.entries(schema).filter(([keyword]) => keyword !== '$defs')
  return Object.fromEntries(
    shown.map(([keyword, value]) => {
      if (keyword === 'description' && typeof value === 'string') return [keyword, cutText(value, 120)]
      if (VALUES.has(keyword)) return [keyword, value]
      if (keyword !== 'properties' || !isObject(value)) return [keyword, cutBelow(value, place)]
      const members = Object.entries(value).map(([name, member]) => [
        name,
        cutBelow(member, { ...place, depth: place.depth - 1, path: joined(place.path, name) }),
      ])
      return [keyword, Object.fromEntries(members)]
    }),
  )
}

/** Keywords whose values are no schemas. */
const VALUES = new Set(['enum', 'const', 'default', 'examples', 'required'])

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

function isDeep(schema: Record<string, unknown>): boolean {
  return ['properties', 'items', 'anyOf', 'oneOf', 'allOf', 'additionalProperties'].some(
    (word) => isObject(schema[word]) || Array.isArray(schema[word]),
  )
}

function stub({ type }: Record<string, unknown>, path: string): object {
  return { ...(type === undefined ? {} : { type }), description: `More: ${ADVICE} "${path}".` }
}

/** Not even its members' types fit: as many of their names as do. */
function namesOf(root: JsonSchema, chars: number, path: string): JsonSchema {
  const own = resolveLocal(root, root)
  const names = Object.keys(objectOf((isObject(own.items) ? resolveLocal(own.items, root) : own).properties))
  const shown: string[] = []
  let left = chars - 200
  for (const name of names) {
    left -= name.length + 2
    if (left < 0) break
    shown.push(name)
  }
  const more = names.length > shown.length ? `, and ${names.length - shown.length} more` : ''
  const has = shown.length > 0 ? ` It has: ${shown.join(', ')}${more}.` : ''
  const where = names.length > 0 ? `such as "${joined(path, names[0]!)}"` : `"${path}"`
  return { type: own.type ?? 'object', description: `Too large to show: ${ADVICE} ${where} shows a part.${has}` }
}

import type { JsonSchema } from '@sluice/contract'
import { definitionName, isObject } from '@sluice/schema'

/**
 * Breaks rings of definitions that apply to the same value (`A: {$ref: A}`, `A: {allOf: [B]}, B: {anyOf: [A]}`): a checker
 * would follow them for ever. A ring through a property or an item is a tree and stays. What closes a ring takes any value.
 * @throws RangeError where they refer to each other in a chain that no stack could hold
 */
export function cutRings(
  definitions: Record<string, JsonSchema>,
  onCut: (name: string) => void = () => {},
): Record<string, JsonSchema> {
  const done = new Map<string, JsonSchema>()
  const open = new Set<string>()

  function visit(name: string): void {
    if (done.has(name) || !Object.hasOwn(definitions, name)) return
    // Sooner than the end of the stack, where V8 does not always throw what it should.
    if (open.size > LONGEST) throw new RangeError('a chain of definitions is too long')
    open.add(name)
    done.set(name, inPlace(definitions[name]!) as JsonSchema)
    open.delete(name)
  }

  function inPlace(schema: unknown): unknown {
    if (!isObject(schema)) return schema
    const name = definitionName(schema.$ref)
    if (name !== undefined) {
      if (open.has(name)) {
        onCut(name)
        return withoutRef(schema)
      }
      visit(name)
    }
    let copy: Record<string, unknown> | undefined
    for (const key of IN_PLACE) {
      if (!(key in schema)) continue
      const value = schema[key]
      const next = Array.isArray(value) ? value.map(inPlace) : inPlace(value)
      if (!same(value, next)) copy = { ...(copy ?? schema), [key]: next }
    }
    return copy ?? schema
  }

  for (const name of Object.keys(definitions)) visit(name)
  return Object.fromEntries(Object.keys(definitions).map((name) => [name, done.get(name)!]))
}

const LONGEST = 1_000

const IN_PLACE = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else']

function withoutRef(schema: Record<string, unknown>): Record<string, unknown> {
  const { $ref: _ref, ...rest } = schema
  return rest
}

function same(before: unknown, after: unknown): boolean {
  if (!Array.isArray(before) || !Array.isArray(after)) return before === after
  return before.every((item, index) => item === after[index])
}

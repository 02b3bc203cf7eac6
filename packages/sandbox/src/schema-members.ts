import type { JsonSchema } from '@sluice/contract'
import { isObject, linearTest } from '@sluice/schema'
import { formsOf, isAlways, isUnread, mayBe, partsOf } from './schema-forms.ts'
import { ANY, orNull, partOf, type Selected, selected, union } from './selected-schema.ts'
import type { Walk } from './walk.ts'

/** What each form of the value has for it, in all its parts. */
function eachForm(
  on: Selected,
  walk: Walk,
  type: 'object' | 'array',
  take: (parts: JsonSchema[]) => Selected,
): Selected {
  if (on === 'nothing') return on
  const taken = formsOf(on.schema, walk).map((form) => {
    const parts = partsOf(form, walk)
    if (!mayBe(type, parts)) return 'nothing'
    return isAlways([type], parts) ? take(parts) : orNull(take(parts))
  })
  return partOf(on, on.nullable ? orNull(union(taken)) : union(taken))
}

export function field(name: string, on: Selected, walk: Walk): Selected {
  if (on === 'nothing') return on
  const result = eachForm(on, walk, 'object', (parts) => {
    const patterns = parts.flatMap((part) => patternsFor(name, part, walk))
    const own = [...parts.flatMap((part) => propertyOf(name, part)), ...patterns.filter((one) => one !== undefined)]
    const isRequired = parts.some(({ required }) => Array.isArray(required) && required.includes(name))
    if (own.length > 0) return selected(own.length === 1 ? own[0]! : { allOf: own }, !isRequired)
    if (patterns.length > 0 || parts.some(isUnread)) return ANY
    const others = parts.map(({ additionalProperties }) => additionalProperties)
    const open = others.find((one) => isObject(one) && Object.keys(one).length > 0)
    if (isObject(open)) return selected(open, true)
    // A schema that names members and not this one may allow it, but does not know it.
    return parts.some((part) => isObject(part.properties) || isObject(part.patternProperties)) ? 'nothing' : ANY
  })
  if (result === 'nothing') walk.undeclared.set(name, declaredIn(on, walk))
  return result
}

function propertyOf(name: string, { properties }: JsonSchema): JsonSchema[] {
  return isObject(properties) && Object.hasOwn(properties, name) ? [asSchema(properties[name])] : []
}

const LONGEST_PATTERN = 500

/** Of the patterns that a name has; `undefined` for one that no engine of linear time can test. */
function patternsFor(name: string, { patternProperties }: JsonSchema, walk: Walk): Array<JsonSchema | undefined> {
  if (!isObject(patternProperties)) return []
  return Object.entries(patternProperties).flatMap(([pattern, schema]) => {
    walk.spend(100)
    const matches = pattern.length > LONGEST_PATTERN ? undefined : linearTest(pattern)
    if (!matches) return [undefined]
    return matches(name) ? [asSchema(schema)] : []
  })
}

function declaredIn(on: Selected, walk: Walk): string[] {
  if (on === 'nothing') return []
  const parts = formsOf(on.schema, walk).flatMap((form) => partsOf(form, walk))
  return [...new Set(parts.flatMap(({ properties }) => membersOf(properties, walk).map(([name]) => name)))]
}

export function itemsOf(on: Selected, walk: Walk): Selected {
  return eachForm(on, walk, 'array', (parts) => {
    const lists = parts.map(({ items }) => items).filter((items) => items !== undefined)
    const tuples = parts.flatMap(({ prefixItems }) => membersOf(prefixItems, walk).map(([, one]) => one))
    return oneOf([...lists, ...tuples])
  })
}

export function valuesOf(on: Selected, walk: Walk): Selected {
  return eachForm(on, walk, 'object', (parts) => {
    const others = parts.map(({ additionalProperties }) => additionalProperties)
    if (others.includes(true) || parts.some(isUnread)) return ANY
    const named = parts.flatMap(({ properties, patternProperties }) =>
      [properties, patternProperties].flatMap((all) => membersOf(all, walk).map(([, one]) => one)),
    )
    return oneOf([...named, ...others.filter(isObject)])
  })
}

/** Counted part by part: many parts may refer to the same long list. */
function membersOf(keyword: unknown, walk: Walk): Array<[string, unknown]> {
  const members = typeof keyword === 'object' && keyword !== null ? Object.entries(keyword) : []
  walk.spend(members.length)
  return members
}

function oneOf(schemas: readonly unknown[]): Selected {
  return schemas.length > 0 ? union(schemas.map((one) => selected(asSchema(one)))) : ANY
}

function asSchema(value: unknown): JsonSchema {
  return isObject(value) ? value : {}
}

import type { JsonSchema } from '@sluice/contract'
import { itemAt, objectParts, targetOf } from './object-parts.ts'
import { isObject } from './walk-schema.ts'

interface Place {
  readonly schema: JsonSchema
  readonly value: unknown
}

/** What a dotted path leads to; nothing where names hold dots. */
export function placeOf(path: string, schema: JsonSchema, value: unknown): Place | undefined {
  let place: Place = { schema, value }
  for (const token of path === '' ? [] : path.split('.')) {
    const target = targetOf(place.schema, schema)
    const inner = memberOf(token, target, place.value, schema)
    if (!inner || !isObject(inner.schema)) return undefined
    place = { schema: inner.schema, value: inner.value }
  }
  return place
}

function memberOf(token: string, target: JsonSchema, value: unknown, root: JsonSchema) {
  if (Array.isArray(value))
    return { schema: itemAt(target, root)(Number(token)), value: value[Number(token)] as unknown }
  if (!isObject(value) || !Object.hasOwn(value, token)) return undefined
  const { properties, others } = objectParts(target, root)
  return { schema: Object.hasOwn(properties, token) ? properties[token] : others(token), value: value[token] }
}

/** The names that an object at a dotted path may have. */
export function namesAt(path: string, schema: JsonSchema, value: unknown): string[] {
  const place = placeOf(path, schema, value)
  return place ? Object.keys(objectParts(targetOf(place.schema, schema), schema).properties) : []
}

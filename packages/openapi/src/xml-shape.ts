import type { XmlShape } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { pointerTokens, resolvePointer } from './json-pointer.ts'

/** How a value of a schema is written as XML (OpenAPI 3.1.1 4.8.26, XML Object), references followed. */
export function xmlShape(schema: unknown, fallback: string, root: Record<string, unknown>): XmlShape {
  for (const deepest of DEPTHS) {
    const walk = { root, deepest, left: MOST_ELEMENTS }
    const shape = shapeOf(schema, fallback, walk, 0)
    if (walk.left >= 0) return shape
  }
  return shapeOf(schema, fallback, { root, deepest: 1, left: Number.POSITIVE_INFINITY }, 0)
}

/** Deeper elements are written by the names of their keys alone. Schemas that name themselves double at each level. */
const DEPTHS = [8, 6, 5, 4, 3, 2]
const MOST_ELEMENTS = 1_000

interface Walk {
  readonly root: Record<string, unknown>
  readonly deepest: number
  left: number
}

function shapeOf(schema: unknown, fallback: string, walk: Walk, depth: number): XmlShape {
  walk.left--
  const { value, name } = followed(schema, fallback, walk.root)
  const xml = isObject(value.xml) ? value.xml : {}
  const shape: XmlShape = {
    name: typeof xml.name === 'string' ? xml.name : depth === 0 ? name : fallback,
    ...(typeof xml.prefix === 'string' ? { prefix: xml.prefix } : {}),
    ...(typeof xml.namespace === 'string' ? { namespace: xml.namespace } : {}),
    // `nodeType` came with 3.2, which keeps `attribute`.
    ...(xml.attribute === true || xml.nodeType === 'attribute' ? { attribute: true } : {}),
    ...(xml.nodeType === 'text' || xml.nodeType === 'cdata' ? { text: true } : {}),
    ...(xml.wrapped === true || (xml.nodeType === 'element' && value.type === 'array') ? { wrapped: true } : {}),
  }
  if (depth >= walk.deepest || walk.left < 0) return shape
  const properties = propertiesOf(value, walk, depth)
  // The items' own name stands even where the list has one: the list's is for its wrapper.
  const items =
    value.items !== undefined
      ? shapeOf(value.items, itemName(value.items, shape, fallback), walk, depth + 1)
      : undefined
  return {
    ...shape,
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
    ...(items ? { items } : {}),
  }
}

function itemName(items: unknown, list: XmlShape, fallback: string): string {
  const own = isObject(items) && isObject(items.xml) ? items.xml.name : undefined
  return typeof own === 'string' ? own : list.wrapped ? fallback : list.name
}

function propertiesOf(schema: Record<string, unknown>, walk: Walk, depth: number): Record<string, XmlShape> {
  const parts = Array.isArray(schema.allOf) ? schema.allOf.map((part) => followed(part, '', walk.root).value) : []
  const all = [...parts, schema].flatMap(({ properties }) => (isObject(properties) ? Object.entries(properties) : []))
  return Object.fromEntries(all.map(([key, property]) => [key, shapeOf(property, key, walk, depth + 1)]))
}

/** A schema behind its references, and the name of the component it is. */
function followed(
  schema: unknown,
  fallback: string,
  root: Record<string, unknown>,
): { value: Record<string, unknown>; name: string } {
  let value = schema
  let name = fallback
  for (let hops = 0; hops < 32 && isObject(value) && typeof value.$ref === 'string'; hops++) {
    if (!value.$ref.startsWith('#')) return { value: {}, name }
    name = pointerTokens(value.$ref).at(-1) ?? name
    value = resolvePointer(root, value.$ref)
  }
  return { value: isObject(value) ? value : {}, name }
}

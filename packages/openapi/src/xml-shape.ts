import type { JsonSchema, XmlShape } from '@sluice/contract'
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

/** What a document says of one field of a form, by its name or its place; references of its own are not followed. */
export function fieldSource(schema: unknown, name: string, root: Record<string, unknown>): unknown {
  const parts = partsOf(unwrapped(schema, '', root).value, root)
  const said = parts.flatMap(({ properties, prefixItems }) => [properties, prefixItems])
  return said
    .filter(
      (own): own is Record<string, unknown> => typeof own === 'object' && own !== null && Object.hasOwn(own, name),
    )
    .at(-1)?.[name]
}

/** Of a list its items, which are parts and values of their own in a form. */
export function itemSource(schema: unknown, root: Record<string, unknown>): unknown {
  const { value } = unwrapped(schema, '', root)
  return [value.type].flat().includes('array') ? (value.items ?? {}) : schema
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
  const { value, name } = unwrapped(schema, fallback, walk.root)
  const xml = xmlOf(value)
  const inferred = depth === 0 ? name : fallback
  const shape: XmlShape = {
    name: typeof xml.name === 'string' ? xml.name : inferred,
    ...(typeof xml.prefix === 'string' ? { prefix: xml.prefix } : {}),
    ...(typeof xml.namespace === 'string' ? { namespace: xml.namespace } : {}),
    ...kindOfNode(xml, [value.type].flat().includes('array')),
    ...(isSettled(walk.root) && takesNull(schema, value) ? { nil: true } : {}),
  }
  if (depth >= walk.deepest || walk.left < 0) return shape
  const parts = partsOf(value, walk.root)
  const properties = propertiesOf(parts, walk, depth)
  const itemShape = (item: unknown) => shapeOf(item, itemName(item, { shape, inferred }, walk, depth), walk, depth + 1)
  const { prefixItems } = parts.findLast((part) => Array.isArray(part.prefixItems)) ?? {}
  const list = parts.findLast(({ items }) => items !== undefined)
  return {
    ...shape,
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
    ...(prefixItems ? { first: listOf(prefixItems).map(itemShape) } : {}),
    ...(list ? { items: itemShape(list.items) } : {}),
  }
}

/** OpenAPI 3.2 says how null is written, and how items are named; before it that was left to whoever writes. */
function isSettled({ openapi }: Record<string, unknown>): boolean {
  return String(openapi).startsWith('3.2')
}

function takesNull(schema: unknown, value: Record<string, unknown>): boolean {
  const branches = isObject(schema) ? [schema.anyOf, schema.oneOf].flatMap(listOf) : []
  return [value.type].flat().includes('null') || branches.some(isNull)
}

/** `nodeType` came with 3.2, which keeps `attribute`. */
function kindOfNode({ attribute, nodeType, wrapped }: Record<string, unknown>, isList: boolean): Partial<XmlShape> {
  return {
    ...(attribute === true || nodeType === 'attribute' ? { attribute: true } : {}),
    ...(nodeType === 'text' ? { text: true } : nodeType === 'cdata' ? { text: 'cdata' } : {}),
    ...(nodeType === 'none' && !isList ? { inline: true } : {}),
    ...(wrapped === true || (nodeType === 'element' && isList) ? { wrapped: true } : {}),
  }
}

interface List {
  readonly shape: XmlShape
  /** Its name where its `xml` gives none. */
  readonly inferred: string
}

/** The name that a list's `xml` gives is for its wrapper; items without a name have that, too (OpenAPI 3.1.1 4.8.26.2.5). */
function itemName(items: unknown, { shape, inferred }: List, { root }: Walk, depth: number): string {
  const name = shape.wrapped ? shape.name : inferred
  // At the root no property gives them one, and since 3.2 a component has its own.
  return depth === 0 && (isSettled(root) || !shape.wrapped) ? unwrapped(items, name, root).name : name
}

/** What a schema says of its XML, also in a part that is written there; what it refers to speaks of its own element. */
function xmlOf({ xml, allOf }: Record<string, unknown>): Record<string, unknown> {
  const parts = listOf(allOf).filter((part) => isObject(part) && part.$ref === undefined) as JsonSchema[]
  return Object.assign({}, ...[...parts.map((part) => part.xml), xml].filter(isObject))
}

function propertiesOf(
  parts: ReadonlyArray<Record<string, unknown>>,
  walk: Walk,
  depth: number,
): Record<string, XmlShape> {
  const all = parts.flatMap(({ properties }) => (isObject(properties) ? Object.entries(properties) : []))
  // What comes last wins, so no other is looked into.
  const last = new Map(all)
  return Object.fromEntries([...last].map(([key, property]) => [key, shapeOf(property, key, walk, depth + 1)]))
}

/** A schema and all that it is made of, the schema itself last. */
function partsOf(schema: Record<string, unknown>, root: Record<string, unknown>): Array<Record<string, unknown>> {
  const parts = new Set<Record<string, unknown>>([schema])
  const seen = new Set<unknown>()
  // A set is walked in the order in which it grows.
  for (const part of parts) {
    if (parts.size > MOST_PARTS) break
    for (const inner of COMPOSITIONS.flatMap((keyword) => listOf(part[keyword]))) {
      const target = isObject(inner) && typeof inner.$ref === 'string' ? inner.$ref : inner
      if (!seen.has(target)) parts.add(followed(inner, '', root).value)
      seen.add(target)
    }
  }
  return [...parts].toReversed()
}

const COMPOSITIONS = ['allOf', 'anyOf', 'oneOf'] as const
const MOST_PARTS = 200

/** A schema behind its references, also where they stand in a composition of nothing else, as beside `null` or a description. */
function unwrapped(schema: unknown, fallback: string, root: Record<string, unknown>) {
  let { value, name } = followed(schema, fallback, root)
  for (let hops = 0; hops < 8 && !isObject(value.properties); hops++) {
    const branches = COMPOSITIONS.flatMap((keyword) => listOf(value[keyword])).filter((one) => !isNull(one))
    if (branches.length !== 1) break
    const inner = followed(branches[0], name, root)
    const { allOf: _allOf, anyOf: _anyOf, oneOf: _oneOf, ...own } = value
    value = beside(inner.value, own)
    // A component has a name of its own.
    if (name === fallback) name = inner.name
  }
  return { value, name }
}

function isNull(schema: unknown): boolean {
  return isObject(schema) && schema.type === 'null'
}

/** What stands beside a reference is added to what it names; of its XML too. */
function beside(target: Record<string, unknown>, own: Record<string, unknown>): Record<string, unknown> {
  const xml = { ...(isObject(target.xml) ? target.xml : {}), ...(isObject(own.xml) ? own.xml : {}) }
  return { ...target, ...own, ...(Object.keys(xml).length > 0 ? { xml } : {}) }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A schema behind its references, and the name of the component it is. */
function followed(
  schema: unknown,
  fallback: string,
  root: Record<string, unknown>,
): { value: Record<string, unknown>; name: string } {
  let value = schema
  let name = fallback
  let said: Record<string, unknown> = {}
  for (let hops = 0; hops < 32 && isObject(value) && typeof value.$ref === 'string'; hops++) {
    const { $ref, ...own } = value as Record<string, unknown> & { $ref: string }
    if (!$ref.startsWith('#')) return { value: {}, name }
    name = pointerTokens($ref).at(-1) ?? name
    // Before 3.1 what stands beside a reference says nothing (B10).
    if (/^3\.[12]/.test(String(root.openapi))) said = beside(own, said)
    value = resolvePointer(root, $ref)
  }
  const target = isObject(value) ? value : {}
  return { value: Object.keys(said).length > 0 ? beside(target, said) : target, name }
}

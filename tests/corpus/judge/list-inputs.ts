import { follow, isPlain, type OriginalOperation, type Plain } from '../walk-operations.ts'

/** One thing that the original document lets a caller give. */
export type Input =
  | {
      readonly place: 'path' | 'query' | 'header' | 'cookie' | 'querystring'
      readonly name: string
      /** Properties of a parameter that is an object: exploded, they stand on the wire instead of its name. */
      readonly members: readonly string[]
    }
  | {
      readonly place: 'body'
      /** The property's path from the body's root; `*` is any item of a list. */
      readonly steps: readonly string[]
      readonly contentType: string
    }

/** An input in words, for tables. */
export function nameOf(input: Input): string {
  return input.place === 'body'
    ? `body ${input.steps.join('.')} (${input.contentType})`
    : `${input.place} ${input.name}`
}

/** Every parameter and every writable body property of an operation, as the original document has them. */
export function listInputs(root: Plain, { item, value }: OriginalOperation): Input[] {
  const shared = parametersOf(root, item.parameters)
  const own = parametersOf(root, value.parameters)
  const merged = new Map([...shared, ...own].map((parameter) => [`${parameter.in} ${parameter.name}`, parameter]))
  const parameters = [...merged.values()]
  return [
    ...parameters.flatMap((parameter) => fromParameter(root, parameter)),
    ...(root.swagger === undefined ? bodyInputs(root, value) : swaggerInputs(root, value, parameters)),
  ]
}

function parametersOf(root: Plain, list: unknown): Plain[] {
  return (Array.isArray(list) ? list : []).flatMap((entry) => {
    const parameter = follow(root, entry)
    return parameter ? [parameter] : []
  })
}

const PLACES = ['path', 'query', 'header', 'cookie', 'querystring']

function fromParameter(root: Plain, parameter: Plain): Input[] {
  const { name, in: place } = parameter
  if (typeof name !== 'string' || !PLACES.includes(String(place))) return []
  const members = propertiesOf(root, parameter.schema).map(([member]) => member)
  return [{ place: place as 'query', name, members }]
}

function bodyInputs(root: Plain, operation: Plain): Input[] {
  const body = follow(root, operation.requestBody)
  if (!isPlain(body?.content)) return []
  return Object.entries(body.content).flatMap(([contentType, media]) => {
    if (!HAS_PROPERTIES.test(contentType)) return []
    const schema = isPlain(media) ? (media.schema ?? media.itemSchema) : undefined
    return walkProperties(root, schema).map((steps): Input => ({ place: 'body', steps, contentType }))
  })
}

/** Bytes and plain text have no properties, whatever schema stands beside them. */
const HAS_PROPERTIES = /[/+](x-)?(json|xml|ndjson|jsonl|json-seq|x-www-form-urlencoded)\b|^multipart\/|\*/i

function swaggerInputs(root: Plain, operation: Plain, parameters: readonly Plain[]): Input[] {
  const consumes = operation.consumes ?? root.consumes
  const contentType = Array.isArray(consumes) ? String(consumes[0]) : 'application/json'
  return parameters.flatMap(({ in: place, name, schema }): Input[] => {
    if (place === 'formData') return [{ place: 'body', steps: [String(name)], contentType: 'form' }]
    if (place !== 'body') return []
    return walkProperties(root, schema).map((steps): Input => ({ place: 'body', steps, contentType }))
  })
}

const DEEPEST = 4
const MOST_PROPERTIES = 300

/** Paths of the writable properties of a schema, cycles cut, to a depth. The root alone is the empty path. */
export function walkProperties(root: Plain, schema: unknown): string[][] {
  const found = new Map<string, string[]>()
  const visit = (given: unknown, steps: readonly string[], open: readonly unknown[]): void => {
    const one = follow(root, given)
    if (!one || open.includes(one) || found.size >= MOST_PROPERTIES) return
    const trail = [...open, one]
    for (const part of branchesOf(one)) visit(part, steps, trail)
    if (one.items !== undefined) visit(one.items, [...steps, '*'], trail)
    for (const [name, property] of Object.entries(isPlain(one.properties) ? one.properties : {})) {
      if (isReadOnly(root, property)) continue
      const path = [...steps, name]
      found.set(JSON.stringify(path), path)
      if (path.filter((step) => step !== '*').length < DEEPEST) visit(property, path, trail)
    }
  }
  visit(schema, [], [])
  return [...found.values()]
}

function branchesOf(schema: Plain): unknown[] {
  return [schema.allOf, schema.oneOf, schema.anyOf].flatMap((list) => (Array.isArray(list) ? list : []))
}

/** `false` takes nothing; OpenAPI: what is read-only should not be sent. */
function isReadOnly(root: Plain, property: unknown): boolean {
  if (property === false) return true
  const beside = isPlain(property) && property.readOnly === true
  return beside || follow(root, property)?.readOnly === true
}

function propertiesOf(root: Plain, schema: unknown): Array<[string, unknown]> {
  const one = follow(root, schema)
  if (!one) return []
  const own = isPlain(one.properties) ? Object.entries(one.properties) : []
  return [...own, ...branchesOf(one).flatMap((part) => propertiesOf(root, part))]
}

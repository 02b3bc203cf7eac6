import type { JsonSchema } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { pointerOf, pointerTo } from './json-pointer.ts'
import type { Translation } from './translation.ts'

export interface Properties {
  readonly values: Readonly<Record<string, unknown>>
  readonly pointer: string
}

/** The properties by name. A text called `$ref` among them is no property: some documents keep them elsewhere, all together. */
export function propertiesOf(schema: Record<string, unknown>, walk: Translation): Properties | undefined {
  const pointer = pointerTo(walk.pointer, 'properties')
  if (!isObject(schema.properties)) return undefined
  if (typeof schema.properties.$ref !== 'string') return { values: schema.properties, pointer }
  const { $ref, ...values } = schema.properties as Record<string, unknown> & { readonly $ref: string }
  const target = walk.declared($ref)
  const message = `A reference cannot stand for all properties; ${isObject(target) ? 'what it names was read' : `${$ref} names nothing in this document`}`
  walk.findings.add({
    code: 'properties-ref',
    severity: 'warning',
    pointer,
    message,
    fix: 'Write the properties here.',
  })
  return isObject(target) ? { values: { ...target, ...values }, pointer: pointerOf($ref) } : { values, pointer }
}

/** What only the server writes is no argument; what only the client writes is in no answer (B53). */
export function isLeftOut(property: unknown, { direction, declared }: Translation): boolean {
  const flag = direction === 'request' ? 'readOnly' : 'writeOnly'
  const parts = isObject(property) && Array.isArray(property.allOf) ? property.allOf : []
  return [property, ...parts].some((part) => isFlagged(part, flag, declared))
}

function isFlagged(schema: unknown, flag: string, declared: Translation['declared']): boolean {
  let current = schema
  for (let hops = 0; isObject(current) && hops < 8; hops++) {
    if (current[flag] === true) return true
    current = typeof current.$ref === 'string' ? declared(current.$ref) : undefined
  }
  return false
}

/**
 * What is left out of an object, its `own` or those of a part of its `allOf`, cannot be required of anybody, neither by the object
 * nor by its parts, branches and conditions.
 */
export function leaveOut(own: readonly string[], out: Record<string, unknown>, walk: Translation): void {
  const parts = listOf(out.allOf)
  if (own.length === 0 && parts.length === 0) return
  const names = new Set([...own, ...parts.flatMap((part) => [...(walk.leftOut.get(walk.target(part)) ?? [])])])
  if (names.size === 0) return
  walk.leftOut.set(out, names)
  const others = [...listOf(out.anyOf), out.then, out.else].filter(isObject)
  for (const part of [out, ...parts, ...others] as Array<Record<string, unknown>>) requireNone(part, names)
}

/** Takes names out of what a schema requires. */
function requireNone(schema: Record<string, unknown>, names: ReadonlySet<string>): void {
  const isGiven = (name: unknown) => !names.has(name as string)
  if (isObject(schema.dependentRequired)) {
    const together = Object.entries(schema.dependentRequired) as Array<[string, unknown[]]>
    schema.dependentRequired = Object.fromEntries(together.map(([key, others]) => [key, others.filter(isGiven)]))
  }
  if (!Array.isArray(schema.required)) return
  const left = schema.required.filter(isGiven)
  if (left.length > 0) schema.required = left
  else delete schema.required
}

function listOf(schemas: unknown): JsonSchema[] {
  return Array.isArray(schemas) ? schemas : []
}

/** Names of properties. YAML reads some as numbers or truth values, which their keys never are. */
export function unique(names: unknown[]): string[] {
  return [...new Set(names.filter((name) => NAMES.has(typeof name)).map(String))]
}

const NAMES = new Set(['string', 'number', 'boolean'])

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
  if (!isObject(property)) return false
  const target = typeof property.$ref === 'string' ? declared(property.$ref) : undefined
  return property[flag] === true || (isObject(target) && target[flag] === true)
}

/** What is left out of an object, its `own` or those of a part of its `allOf`, cannot be required of anybody. */
export function leaveOut(
  own: readonly string[],
  out: Record<string, unknown>,
  translated: JsonSchema,
  walk: Translation,
): void {
  const parts = Array.isArray(out.allOf) ? (out.allOf as JsonSchema[]) : []
  if (own.length === 0 && parts.length === 0) return
  const names = new Set([...own, ...parts.flatMap((part) => [...(walk.leftOut.get(walk.target(part)) ?? [])])])
  if (names.size === 0) return
  walk.leftOut.set(translated, names)
  for (const part of [translated, ...parts] as Array<Record<string, unknown>>) {
    const isGiven = (name: unknown) => !names.has(name as string)
    if (isObject(part.dependentRequired)) {
      const together = Object.entries(part.dependentRequired) as Array<[string, unknown[]]>
      part.dependentRequired = Object.fromEntries(together.map(([key, others]) => [key, others.filter(isGiven)]))
    }
    if (!Array.isArray(part.required)) continue
    const left = part.required.filter(isGiven)
    if (left.length > 0) part.required = left
    else delete part.required
  }
}

/** Names of properties. YAML reads some as numbers or truth values, which their keys never are. */
export function unique(names: unknown[]): string[] {
  return [...new Set(names.filter((name) => NAMES.has(typeof name)).map(String))]
}

const NAMES = new Set(['string', 'number', 'boolean'])

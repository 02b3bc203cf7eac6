import type { JsonSchema } from '@sluice/contract'
import { definitionName, isObject } from '@sluice/schema'
import { cutRings } from './cut-rings.ts'
import { pointerOf, pointerTokens } from './json-pointer.ts'
import { fileOf } from './mount-files.ts'

/** The definitions that translated schemas refer to, each made once, under a name of its own. */
export interface SchemaDefinitions {
  /** A reference to what `make` makes of what stands at `reference`; made later, once for each `key`. */
  enter(key: string, reference: string, make: () => JsonSchema): JsonSchema
  /** Makes what was referred to. One after the other: chains of references may be of any length. */
  settle(): void
  /** One that is looked into before its turn. A schema may refer to itself: then it is empty still. */
  lookInto(name: string): JsonSchema
  /**
   * Those that schemas reach, and the references to rings that say nothing. Past `maxBytes` one takes any value.
   * @throws Error where one of them could not be made
   */
  reachedFrom(
    schemas: readonly JsonSchema[],
    maxBytes: number,
  ): { readonly defs: Record<string, JsonSchema>; readonly cut: boolean; readonly rings: readonly string[] }
}

export function createDefinitions(): SchemaDefinitions {
  const names = new Map<string, string>()
  const definitions = new Map<string, JsonSchema>()
  const references = new Map<string, string>()
  const waiting = new Map<string, () => JsonSchema>()
  const failures = new Map<string, string>()
  const sizes = new Map<string, number>()
  const within = new Map<string, readonly string[]>()
  let hurried = 0

  function define(name: string): void {
    const make = waiting.get(name)
    if (!make) return
    waiting.delete(name)
    try {
      definitions.set(name, make())
    } catch (error) {
      failures.set(name, error instanceof Error ? error.message : String(error))
    }
  }

  function made(name: string): JsonSchema {
    const failure = failures.get(name)
    if (failure !== undefined) throw new Error(`its schema ${name} could not be read: ${failure}`)
    return definitions.get(name) ?? {}
  }

  function sizeOf(name: string): number {
    const size = sizes.get(name) ?? JSON.stringify(made(name)).length
    sizes.set(name, size)
    return size
  }

  function namesIn(name: string): readonly string[] {
    const names = within.get(name) ?? referencesIn(made(name))
    within.set(name, names)
    return names
  }

  return {
    enter: (key, reference, make) => {
      const known = names.get(key)
      if (known) return { $ref: toRef(known) }
      const name = freeName(reference, definitions)
      names.set(key, name)
      references.set(name, reference)
      definitions.set(name, {})
      waiting.set(name, make)
      return { $ref: toRef(name) }
    },
    settle: () => {
      for (const name of waiting.keys()) define(name)
    },
    lookInto: (name) => {
      if (hurried < MOST_HURRIED) {
        hurried++
        define(name)
        hurried--
      }
      return definitions.get(name) ?? {}
    },
    reachedFrom: (schemas, maxBytes) => {
      const { rings, ...reached } = reach(schemas, maxBytes, { made, sizeOf, namesIn })
      return { ...reached, rings: rings.map((name) => references.get(name)!) }
    },
  }
}

interface Definitions {
  made(name: string): JsonSchema
  /** Of its JSON. */
  sizeOf(name: string): number
  namesIn(name: string): readonly string[]
}

function reach(schemas: readonly JsonSchema[], maxBytes: number, { made, sizeOf, namesIn }: Definitions) {
  const reached = new Map<string, JsonSchema>()
  const queue = schemas.flatMap((schema) => referencesIn(schema))
  let left = maxBytes
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (reached.has(name)) continue
    left -= sizeOf(name)
    reached.set(name, left > 0 ? made(name) : {})
    if (left > 0) queue.push(...namesIn(name))
  }
  const rings = new Set<string>()
  const defs = cutRings(Object.fromEntries(reached), (name) => rings.add(name))
  return { defs, cut: left <= 0, rings: [...rings].filter(takesAny(defs)) }
}

/**
 * Whether a definition takes any value. A base whose choices build on it is a ring that is cut, too, and says much all the same.
 * Only where rings are cut already this comes to an end.
 */
function takesAny(defs: Readonly<Record<string, JsonSchema>>): (name: string) => boolean {
  const known = new Map<string, boolean>()
  const isOpenByName = (name: string): boolean => {
    const open = known.get(name) ?? isOpen(defs[name])
    known.set(name, open)
    return open
  }
  const isOpen = (schema: unknown): boolean => {
    if (!isObject(schema)) return false
    const { $ref, allOf, anyOf, title: _title, description: _description, ...others } = schema
    const name = definitionName($ref)
    return (
      Object.keys(others).length === 0 &&
      (name === undefined || isOpenByName(name)) &&
      (!Array.isArray(allOf) || allOf.every(isOpen)) &&
      (!Array.isArray(anyOf) || anyOf.some(isOpen))
    )
  }
  return isOpenByName
}

/** How many definitions may be looked into from inside of one another. */
const MOST_HURRIED = 32

function toRef(name: string): string {
  return `#/$defs/${name}`
}

/** The component's own name, in characters that need no escaping; a number is added where two come out alike. */
function freeName(reference: string, taken: ReadonlyMap<string, unknown>): string {
  const base =
    ownName(reference)
      .replaceAll(/[^A-Za-z0-9_.-]/g, '_')
      .slice(0, 80) || 'Schema'
  let name = base
  for (let n = 2; taken.has(name); n++) name = `${base}_${n}`
  return name
}

function ownName(reference: string): string {
  const { file, pointer } = fileOf(pointerOf(reference))
  const tokens = pointerTokens(pointer)
  if (tokens.length === 0) return (file ?? '').replace(/^.*\//, '').replace(/\.[a-z]+$/i, '')
  const isNamed = tokens.length === 1 || /^\/(components\/schemas|definitions|\$defs)\/[^/]+$/.test(pointer)
  return isNamed ? tokens.at(-1)! : tokens.join('_')
}

/** Names of the definitions that a translated schema refers to. */
function referencesIn(schema: JsonSchema): string[] {
  const found: string[] = []
  gather(schema, false)
  return found

  /** `isMap`: its keys are names, also those that are keywords. */
  function gather(value: unknown, isMap: boolean): void {
    if (Array.isArray(value)) for (const item of value) gather(item, false)
    else if (isObject(value)) {
      const name = isMap ? undefined : definitionName(value.$ref)
      if (name !== undefined) found.push(name)
      for (const key of Object.keys(value)) if (isMap || !DATA.has(key)) gather(value[key], !isMap && MAPS.has(key))
    }
  }
}

const MAPS = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs'])

// What stands here is data, not schema, whatever it looks like (B9).
const DATA = new Set(['enum', 'const', 'default', 'examples'])

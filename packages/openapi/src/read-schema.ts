import { createHash } from 'node:crypto'
import type { JsonSchema } from '@sluice/contract'
import { definitionName, isObject } from '@sluice/schema'
import { cutRings } from './cut-rings.ts'
import { discriminatorOf, findHeirs, tellBranch } from './discriminator.ts'
import { tellExternal } from './external-reference.ts'
import type { Findings } from './findings.ts'
import { pointerOf, pointerTokens, resolvePointer } from './json-pointer.ts'
import { fileOf } from './mount-files.ts'
import type { SpecFamily } from './read-spec.ts'
import { translateSchema } from './translate-schema.ts'

/** Turns schemas of one document into JSON Schema 2020-12. Each component is translated once and shared. */
export interface SchemaReader {
  /** The schema with references as `#/$defs/…`; what it refers to is found by `definitionsFor`. */
  read(schema: unknown, pointer: string): JsonSchema
  /** The names that were left out of an object, since only the other side writes them. */
  leftOutOf(schema: JsonSchema): ReadonlySet<string>
  /** The `$defs` that schemas need, reachable ones only, rings cut. Past `maxBytes` a definition takes any value. */
  definitionsFor(
    schemas: readonly JsonSchema[],
    maxBytes: number,
  ): { readonly defs: Record<string, JsonSchema>; readonly cut: boolean }
  /** Follows a schema's reference, and the reference of that, to the schema that stands there. */
  target(schema: JsonSchema): JsonSchema
  /** A hash of what the document says of a definition. */
  fingerprint(name: string): string
}

export function createSchemaReader(
  root: Record<string, unknown>,
  family: SpecFamily,
  findings: Findings,
  direction: 'request' | 'response' = 'request',
): SchemaReader {
  const names = new Map<string, string>()
  const definitions = new Map<string, JsonSchema>()
  const sizes = new Map<string, number>()
  const fingerprints = new Map<string, string>()
  const sources = new Map<string, unknown>()

  const leftOut = new WeakMap<object, ReadonlySet<string>>()
  const heirs = findHeirs(root)

  // Definitions that were referred to and not yet translated. One after the other: chains of references may be of any length.
  const waiting = new Map<string, () => JsonSchema>()
  const failures = new Map<string, string>()
  let hurried = 0

  function read(schema: unknown, pointer: string): JsonSchema {
    const translated = translate(schema, pointer)
    for (const name of waiting.keys()) define(name)
    return translated
  }

  const translate = (schema: unknown, pointer: string): JsonSchema =>
    translateSchema(schema, { family, declared, refer, target, direction, leftOut, pointer, depth: 0, findings })

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

  /** A definition that is looked into before its turn. A schema may refer to itself: then it is empty still. */
  function hurry(name: string): JsonSchema {
    if (hurried < MOST_HURRIED) {
      hurried++
      define(name)
      hurried--
    }
    return definitions.get(name) ?? {}
  }

  const declared = (reference: string) => (reference.startsWith('#') ? resolvePointer(root, reference) : undefined)

  /** A base with heirs stands for any of them, unless an heir builds on it. */
  function refer(reference: string, pointer: string, asBase: boolean): JsonSchema {
    const own = asBase ? undefined : heirs.get(reference)
    return own ? anyHeir(reference, own, pointer) : referTo(reference, pointer)
  }

  function anyHeir(reference: string, own: readonly string[], pointer: string): JsonSchema {
    return enter(`${reference} or its heirs`, reference, resolvePointer(root, reference), () => {
      const discriminator = discriminatorOf(resolvePointer(root, reference))
      const branches = own.map((heir) => tellBranch(refer(heir, pointer, false), { $ref: heir }, discriminator, target))
      return { anyOf: [...branches, referTo(reference, pointer)] }
    })
  }

  function referTo(reference: string, pointer: string): JsonSchema {
    if (!reference.startsWith('#')) {
      tellExternal(findings, reference, pointer, '; any value is taken')
      return {}
    }
    const known = names.get(reference)
    if (known) return { $ref: toRef(known) }
    const target = resolvePointer(root, reference)
    if (target === undefined)
      return lost('ref-missing', pointer, `${reference} names nothing in this document; any value is taken`)
    return enter(reference, reference, target, () => translate(target, pointerOf(reference)))
  }

  function enter(key: string, reference: string, source: unknown, make: () => JsonSchema): JsonSchema {
    const known = names.get(key)
    if (known) return { $ref: toRef(known) }
    const name = freeName(reference, definitions)
    names.set(key, name)
    sources.set(name, source)
    definitions.set(name, {})
    waiting.set(name, make)
    return { $ref: toRef(name) }
  }

  function lost(code: string, pointer: string, message: string): JsonSchema {
    findings.add({ code, severity: 'warning', pointer, message, fix: 'Correct the reference in the document.' })
    return {}
  }

  function sizeOf(name: string): number {
    const size = sizes.get(name) ?? JSON.stringify(definitions.get(name) ?? {}).length
    sizes.set(name, size)
    return size
  }

  function definitionsFor(schemas: readonly JsonSchema[], maxBytes: number) {
    const reached = new Map<string, JsonSchema>()
    const queue = schemas.flatMap((schema) => [...referencesIn(schema)])
    let left = maxBytes
    let cut = false
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      if (reached.has(name)) continue
      const failure = failures.get(name)
      if (failure !== undefined) throw new Error(`its schema ${name} could not be read: ${failure}`)
      left -= sizeOf(name)
      const definition = left > 0 ? (definitions.get(name) ?? {}) : {}
      cut ||= left <= 0
      reached.set(name, definition)
      queue.push(...referencesIn(definition))
    }
    return { defs: cutRings(Object.fromEntries(reached)), cut }
  }

  function target(schema: JsonSchema): JsonSchema {
    let current = schema
    for (let hops = 0; hops < 32 && typeof current.$ref === 'string'; hops++) {
      const { $ref, ...beside } = current
      const definition = hurry(definitionName($ref) ?? '')
      if (Object.keys(beside).length === 0) {
        current = definition
        continue
      }
      current = { ...definition, ...beside }
      const names = leftOut.get(definition)
      if (names) leftOut.set(current, names)
    }
    return current
  }

  function fingerprint(name: string): string {
    const known = fingerprints.get(name)
    if (known !== undefined) return known
    const text = JSON.stringify(sources.get(name) ?? null)
    const hash = createHash('sha256').update(text).update(besideReferences(text, family)).digest('hex')
    fingerprints.set(name, hash)
    return hash
  }

  const leftOutOf = (schema: JsonSchema) => leftOut.get(schema) ?? NONE

  return { read, definitionsFor, target, leftOutOf, fingerprint }
}

/** How many definitions may be looked into from inside of one another. */
const MOST_HURRIED = 32

const NONE: ReadonlySet<string> = new Set()

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
function* referencesIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* referencesIn(item)
  } else if (isObject(value)) {
    const name = definitionName(value.$ref)
    if (name !== undefined) yield name
    for (const [key, item] of Object.entries(value)) if (!DATA.has(key)) yield* referencesIn(item)
  }
}

// What stands here is data, not schema, whatever it looks like (B9).
const DATA = new Set(['enum', 'const', 'default', 'examples'])

/** What a version makes of keywords beside references in a schema written as JSON: 3.0 ignores them (B10). */
export function besideReferences(json: string, declaredVersion: string): string {
  const has = /"\$ref":"(?:[^"\\]|\\.)*",|,"\$ref":/.test(json)
  return has && /^3\.[12]/.test(declaredVersion) ? 'beside references' : ''
}

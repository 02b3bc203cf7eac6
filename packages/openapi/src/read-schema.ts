import type { JsonSchema } from '@sluice/contract'
import { definitionName } from '@sluice/schema'
import { type AnswerShapes, createAnswerShapes } from './answer-shapes.ts'
import { isClosed } from './closed-schemas.ts'
import { directHeirs, discriminatorOf, findHeirs, tellBranch, withOwnValue, withoutHeirs } from './discriminator.ts'
import { tellExternal } from './external-reference.ts'
import type { Findings } from './findings.ts'
import { pointerOf, resolvePointer } from './json-pointer.ts'
import type { SpecFamily } from './read-spec.ts'
import { createDefinitions, type SchemaDefinitions } from './schema-definitions.ts'
import { translateSchema } from './translate-schema.ts'
import type { ReferredAs } from './translation.ts'

/** Turns schemas of one document into JSON Schema 2020-12. Each component is translated once and shared. */
export interface SchemaReader {
  /** The schema with references as `#/$defs/…`; what it refers to is found by `definitionsFor`. */
  read(schema: unknown, pointer: string): JsonSchema
  /** The names that were left out of an object, since only the other side writes them. */
  leftOutOf(schema: JsonSchema): ReadonlySet<string>
  /** The `$defs` that schemas need. Past `maxBytes` one takes any value. */
  readonly definitionsFor: SchemaDefinitions['reachedFrom']
  /** The schema as far as `maxBytes` reach, with its `$defs`. */
  readonly shapeOf: AnswerShapes
  /** Follows a schema's reference, and the reference of that, to the schema that stands there. */
  target(schema: JsonSchema): JsonSchema
}

export function createSchemaReader(
  root: Record<string, unknown>,
  family: SpecFamily,
  findings: Findings,
  direction: 'request' | 'response' = 'request',
): SchemaReader {
  const known = createDefinitions()
  const leftOut = new WeakMap<object, ReadonlySet<string>>()
  const direct = directHeirs(root)
  const bases = new Map<string, unknown>()
  const heirs = findHeirs(root, direct)

  function read(schema: unknown, pointer: string): JsonSchema {
    const translated = translate(schema, pointer)
    known.settle()
    return translated
  }

  const translate = (schema: unknown, pointer: string, as: ReferredAs = 'value'): JsonSchema =>
    translateSchema(schema, { family, declared, refer, target, direction, leftOut, pointer, depth: 0, findings }, as)

  const declared = (reference: string) => (reference.startsWith('#') ? resolvePointer(root, reference) : undefined)

  /** Each of many heirs asks. */
  function baseOf(named: unknown, reference: string): unknown {
    if (!bases.has(reference)) bases.set(reference, withoutHeirs(named, reference, direct))
    return bases.get(reference)
  }

  /** A base with heirs stands for any of them, unless an heir builds on it. */
  function refer(reference: string, pointer: string, as: ReferredAs): JsonSchema {
    const own = as === 'value' ? heirs.get(reference) : undefined
    return own ? anyHeir(reference, own, pointer) : referTo(reference, pointer, as)
  }

  function anyHeir(reference: string, own: readonly string[], pointer: string): JsonSchema {
    return known.enter(`${reference} or its heirs`, reference, () => {
      const discriminator = discriminatorOf(resolvePointer(root, reference))
      const branches = own.map((heir) =>
        tellBranch(
          refer(heir, pointer, 'value'),
          { $ref: heir },
          withOwnValue(discriminator, heir, declared(heir)),
          target,
        ),
      )
      return { anyOf: [...branches, referTo(reference, pointer, 'base')] }
    })
  }

  function referTo(reference: string, pointer: string, as: ReferredAs): JsonSchema {
    if (!reference.startsWith('#')) {
      tellExternal(findings, reference, pointer, '; any value is taken')
      return {}
    }
    const named = resolvePointer(root, reference)
    const target = as === 'value' ? named : baseOf(named, reference)
    if (target === undefined)
      return lost('ref-missing', pointer, `${reference} names nothing in this document; any value is taken`)
    const isOpened = as === 'part' && isClosed(target, declared)
    const key = [reference, ...(target === named ? [] : ['as a base']), ...(isOpened ? ['as a part'] : [])].join(' ')
    return known.enter(key, reference, () => translate(target, pointerOf(reference), isOpened ? 'part' : 'value'))
  }

  function lost(code: string, pointer: string, message: string): JsonSchema {
    findings.add({ code, severity: 'warning', pointer, message, fix: 'Correct the reference in the document.' })
    return {}
  }

  function target(schema: JsonSchema): JsonSchema {
    let current = schema
    for (let hops = 0; hops < 32 && typeof current.$ref === 'string'; hops++) {
      const { $ref, ...beside } = current
      const definition = known.lookInto(definitionName($ref) ?? '')
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

  const leftOutOf = (schema: JsonSchema) => leftOut.get(schema) ?? NONE

  const definitionsFor: SchemaReader['definitionsFor'] = (schemas, maxBytes) => {
    const reached = known.reachedFrom(schemas, maxBytes)
    for (const reference of reached.rings)
      lost('ref-circular', pointerOf(reference), `${reference} is what it refers to itself; there any value is taken`)
    return reached
  }

  return { read, definitionsFor, shapeOf: createAnswerShapes(known.lookInto), target, leftOutOf }
}

const NONE: ReadonlySet<string> = new Set()

/** What a version makes of keywords beside references in a schema written as JSON: 3.0 ignores them (B10). */
export function besideReferences(json: string, declaredVersion: string): string {
  const has = /"\$ref":"(?:[^"\\]|\\.)*",|,"\$ref":/.test(json)
  return has && /^3\.[12]/.test(declaredVersion) ? 'beside references' : ''
}

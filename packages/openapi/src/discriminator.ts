import type { JsonSchema } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { pointerTo, resolvePointer } from './json-pointer.ts'

/**
 * A branch of a union with what its discriminator says: the values that select it (B46). Values of a mapping are the only ones
 * that are taken; a schema's name alone is told, since documents often leave the real values to their prose.
 */
export function tellBranch(
  branch: JsonSchema,
  declared: unknown,
  discriminator: unknown,
  target: (schema: JsonSchema) => JsonSchema,
): JsonSchema {
  const reference = isObject(declared) ? declared.$ref : undefined
  if (!isObject(discriminator) || typeof discriminator.propertyName !== 'string' || typeof reference !== 'string')
    return branch
  const name = discriminator.propertyName
  const { properties } = target(branch)
  const own = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : {}
  const property = isObject(own) ? target(own) : {}
  if (property.enum !== undefined || property.const !== undefined) return branch
  const values = mappedValues(discriminator.mapping, reference)
  const told = values.length > 0 ? { enum: values } : { description: `"${lastToken(reference)}" selects this form.` }
  const { type = 'string' } = property
  return { allOf: [branch, { properties: { [name]: { ...property, type, ...told } } }] }
}

/** OpenAPI 3.1.1 4.8.25: a mapping names schemas by reference or by name. */
function mappedValues(mapping: unknown, reference: string): string[] {
  if (!isObject(mapping)) return []
  const names = [reference, lastToken(reference)]
  return Object.entries(mapping)
    .filter(([, target]) => names.includes(String(target)))
    .map(([value]) => value)
}

function lastToken(reference: string): string {
  return reference.split('/').at(-1)!
}

/** Schemas by what they build on: a discriminator may stand in a base, and its heirs refer to it, or to its heirs, in `allOf`. */
export type Heirs = ReadonlyMap<string, readonly string[]>

/** The heirs of every named schema that has a discriminator and no union of its own, and the heirs of those. */
export function findHeirs(root: Record<string, unknown>, direct = directHeirs(root)): Heirs {
  const bases = [...direct.keys()].filter((base) => isDiscriminated(resolvePointer(root, base)))
  const heirs = new Map<string, readonly string[]>()
  let left = MOST_HEIRS_OF_ALL
  for (const base of bases) {
    const own = left > 0 ? belowOf(base, direct) : [...new Set(direct.get(base))]
    left -= own.length
    heirs.set(base, own)
  }
  return heirs
}

/** Those that build on each named schema themselves. */
export function directHeirs(root: Record<string, unknown>): Heirs {
  const direct = new Map<string, string[]>()
  for (const [place, schemas] of namedSchemas(root)) {
    for (const [name, schema] of Object.entries(schemas))
      for (const base of basesOf(schema)) direct.set(base, [...(direct.get(base) ?? []), place + pointerTo('', name)])
  }
  return direct
}

/** A base as its heirs build on it: without the union that lists them, in which each of them would hold itself. */
export function withoutHeirs(base: unknown, reference: string, direct: Heirs): unknown {
  const unions = isObject(base) ? ['anyOf', 'oneOf'].filter((keyword) => Array.isArray(base[keyword])) : []
  if (unions.length === 0 || !direct.has(reference)) return base
  const heirs = new Set(belowOf(reference, direct))
  const isHeir = (branch: unknown) => isObject(branch) && heirs.has(String(branch.$ref))
  const { ...own } = base as Record<string, unknown[]>
  const listing = unions.filter((keyword) => own[keyword]!.some(isHeir))
  for (const keyword of listing) {
    const others = own[keyword]!.filter((branch) => !isHeir(branch))
    if (others.length > 0) own[keyword] = others
    else delete own[keyword]
  }
  return listing.length > 0 ? own : base
}

function belowOf(base: string, direct: Heirs): string[] {
  const heirs = new Set(direct.get(base))
  // A set is walked in the order in which it grows.
  for (const heir of heirs) {
    for (const further of direct.get(heir) ?? []) if (further !== base) heirs.add(further)
    if (heirs.size > MOST_HEIRS) break
  }
  return [...heirs]
}

/** More than any document has: a long chain of bases would make as many unions as long. */
const MOST_HEIRS = 1_000
/** Where each of a chain is a base too; past it those that build on a base themselves are its heirs. */
const MOST_HEIRS_OF_ALL = 20_000

function namedSchemas(root: Record<string, unknown>): Array<[string, Record<string, unknown>]> {
  const { components, definitions } = root
  const schemas = isObject(components) ? components.schemas : undefined
  return [
    ...(isObject(schemas) ? [['#/components/schemas', schemas] as [string, Record<string, unknown>]] : []),
    ...(isObject(definitions) ? [['#/definitions', definitions] as [string, Record<string, unknown>]] : []),
  ]
}

function basesOf(schema: unknown): string[] {
  if (!isObject(schema) || !Array.isArray(schema.allOf)) return []
  return schema.allOf.flatMap((part) => (isObject(part) && typeof part.$ref === 'string' ? [part.$ref] : []))
}

/** In Swagger 2.0 the discriminator is the property's name itself. */
function isDiscriminated(schema: unknown): boolean {
  return (
    isObject(schema) &&
    (isObject(schema.discriminator) || typeof schema.discriminator === 'string') &&
    !Array.isArray(schema.oneOf) &&
    !Array.isArray(schema.anyOf)
  )
}

/** The discriminator of a base in the form of OpenAPI 3. */
export function discriminatorOf(base: unknown): unknown {
  const declared = isObject(base) ? base.discriminator : undefined
  return typeof declared === 'string' ? { propertyName: declared } : declared
}

/** Azure's documents say in an heir which value selects it, and have no mapping. */
export function withOwnValue(discriminator: unknown, reference: string, heir: unknown): unknown {
  const value = isObject(heir) ? heir['x-ms-discriminator-value'] : undefined
  if (typeof value !== 'string' || !isObject(discriminator) || discriminator.mapping !== undefined) return discriminator
  return { ...discriminator, mapping: { [value]: reference } }
}

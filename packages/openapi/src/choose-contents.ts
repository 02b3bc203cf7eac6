import type { BodyKind, JsonSchema } from '@sluice/contract'
import { isObject } from '@sluice/schema'
import { isStructured } from './body-content.ts'
import { takesList } from './body-kind.ts'
import { type FileLook, fileUse } from './file-use.ts'
import type { FlatBody } from './flatten-body.ts'
import type { DeclaredContent } from './list-bodies.ts'
import { same } from './same-json.ts'

/** One media type of a body, as it was read. */
export interface Reading {
  readonly content: DeclaredContent
  readonly kind: BodyKind
  readonly schema: JsonSchema
  readonly target: JsonSchema
  readonly flat?: FlatBody
}

export type FlatReading = Reading & { readonly flat: FlatBody }

type Target = FileLook['target']

export const STRUCTURED: ReadonlySet<BodyKind> = new Set(['json', 'form', 'multipart', 'xml'])

/**
 * JSON wherever it is offered, and else all that the same arguments can make, the most structured first (B104). A form is
 * offered beside JSON where it has properties that JSON has not, and where it has files.
 */
export function chooseContents(readings: readonly Reading[], target: Target): readonly Reading[] {
  if (readings.length === 1) return readings
  const [first, ...others] = inOrder(readings, target) as [Reading, ...Reading[]]
  const shapes = othersByShape(first, others)
  if (shapes.length > 0) return [first, ...shapes]
  const known = new Set(Object.keys(first.flat?.properties ?? {}))
  const fits = (reading: Reading): boolean => {
    const { kind, flat } = reading
    if (first.flat) {
      if (!flat) return false
      const names = Object.keys(flat.properties)
      const hasMore = names.some((name) => !known.has(name)) || filesOf(reading, target).size > 0
      for (const name of names) known.add(name)
      return hasMore || first.kind !== 'json' || isDialect(reading, first)
    }
    if (first.kind === 'json') return isDialect(reading, first)
    return isStructured(first.target) ? STRUCTURED.has(kind) && isStructured(reading.target) : kind === first.kind
  }
  return [first, ...others.filter(fits)]
}

/** Of several kinds of JSON that are called after what they mean, which one it is decides: a patch of one is none of another. */
function isDialect(reading: Reading, first: Reading): boolean {
  if (reading.kind !== 'json' || first.kind !== 'json' || isPlainJson(first)) return false
  return (first.flat && reading.flat) !== undefined || same(reading.content.schema, first.content.schema)
}

/**
 * Dialects of JSON of which one takes a list and another an object, as a JSON Patch (RFC 6902 3) and a Merge Patch (RFC 7396) do: what is
 * given says which of them it is.
 */
function othersByShape(first: Reading, others: readonly Reading[]): readonly Reading[] {
  const dialects = [first, ...others].filter(({ kind }) => kind === 'json')
  if (dialects.some((one) => isPlainJson(one) || shapeOf(one) === undefined)) return []
  const differs = dialects.some((one) => shapeOf(one) !== shapeOf(first))
  return differs ? others.filter((one) => dialects.includes(one)) : []
}

/** What a schema takes, where that is one of these alone. */
export function shapeOf({ target, flat }: Reading): 'list' | 'object' | undefined {
  if (flat) return 'object'
  const [type, ...more] = [target.type].flat()
  if (more.length > 0) return undefined
  return type === 'array' ? 'list' : type === 'object' ? 'object' : undefined
}

function isPlainJson({ content }: Reading): boolean {
  return /^application\/json *(;|$)/i.test(content.contentType)
}

/** RFC 6902 3: a JSON Patch is a list. Documents that give all patches one schema describe another. */
function isMisnamed({ content, target }: Reading): boolean {
  return /json-patch\+json/i.test(content.contentType) && target.type !== 'array'
}

/** What is left out of a body by such a choice, and could have been sent otherwise. */
export function leftOut(readings: readonly Reading[], chosen: readonly Reading[]): readonly Reading[] {
  const others = readings.filter((one) => !chosen.includes(one))
  if (others.length === 0) return others
  const [first] = chosen as [Reading]
  const said = JSON.stringify(first.content.schema)
  // Of a plain object no property is left out: it would have been chosen.
  const isCovered = ({ flat, content }: Reading) => (first.flat && flat) || JSON.stringify(content.schema) === said
  return others.filter((one) => !isCovered(one))
}

/** A form that is described as no object: nobody can say which fields it has. */
export function isShapeless({ kind, flat, target, content }: Reading): boolean {
  const isList = target.type === 'array' && !takesList(content.contentType)
  return isForm(kind) && !flat && (isList || !isStructured(target))
}

function isForm(kind: BodyKind): boolean {
  return kind === 'form' || kind === 'multipart'
}

const RANKS: BodyKind[] = ['json', 'form', 'multipart', 'ndjson', 'xml', 'text', 'binary']

function inOrder(readings: readonly Reading[], target: Target): readonly Reading[] {
  const hasFields = readings.some(({ kind, flat }) => isForm(kind) && flat)
  const isVague = (one: Reading) => isShapeless(one) || (hasFields && one.kind === 'json' && saysNothing(one))
  const order = (one: Reading) =>
    // A plain JSON type before its dialects.
    Number(isVague(one)) * 100 + RANKS.indexOf(one.kind) * 3 + Number(!isPlainJson(one)) + Number(isMisnamed(one))
  return withoutUnfit(readings, target).toSorted((a, b) => order(a) - order(b))
}

/** JSON of which no field is described: beside a form whose fields are, nobody could say what it takes. */
function saysNothing({ flat, target }: Reading): boolean {
  const isAny = target.type === undefined || target.type === 'object'
  return !flat && isAny && !isStructured(target) && target.enum === undefined && target.const === undefined
}

/** Bytes are carried by a multipart form alone: what declares the same fields, files too, beside one is meant as one. */
function withoutUnfit(readings: readonly Reading[], target: Target): readonly Reading[] {
  const forms = readings.filter(({ kind, flat }) => kind === 'multipart' && flat)
  const isUnfit = (one: Reading) =>
    one.kind !== 'multipart' &&
    STRUCTURED.has(one.kind) &&
    forms.some((form) => isWithin(one, form) && [...filesOf(form, target)].some((name) => isFileIn(one, name, target)))
  return readings.filter((one) => !isUnfit(one))
}

/** Whether one has no field that the other has not. */
function isWithin({ flat: inner }: Reading, { flat: outer }: Reading): boolean {
  if (!inner || !outer) return false
  return Object.keys(inner.properties).every((name) => Object.hasOwn(outer.properties, name))
}

/** The fields that are files in a multipart form, or may be. */
function filesOf({ kind, flat, content }: Reading, target: Target): ReadonlySet<string> {
  if (kind !== 'multipart' || !flat) return new Set()
  const uses = Object.entries(flat.properties).map(([name, schema]) => {
    const encoding = content.encoding[name]
    const contentType =
      isObject(encoding) && typeof encoding.contentType === 'string' ? encoding.contentType : undefined
    return [name, fileUse(schema, { target, ...(contentType ? { contentType } : {}) })] as const
  })
  return new Set(uses.filter(([, use]) => use === 'always' || use === 'sometimes').map(([name]) => name))
}

function isFileIn({ flat }: Reading, name: string, target: Target): boolean {
  return fileUse(flat?.properties[name], { target }) === 'always'
}

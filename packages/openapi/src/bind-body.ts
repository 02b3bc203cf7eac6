import type { BodyBinding, BodyContent, BodyKind, JsonSchema } from '@sluice/contract'
import type { DraftArgument } from './bind-parameters.ts'
import { contentOf, fileSchema, isStructured } from './body-content.ts'
import { kindOf } from './body-kind.ts'
import type { Findings } from './findings.ts'
import { type FlatBody, flattenBody } from './flatten-body.ts'
import type { DeclaredContent } from './list-bodies.ts'
import type { DeclaredOperation } from './list-operations.ts'
import type { SchemaReader } from './read-schema.ts'

/** A body before its arguments have their final names. */
export interface DraftBody {
  readonly arguments: readonly DraftArgument[]
  /** Rules of the body that bind its properties together: given one, these are needed too. */
  readonly neededTogether: readonly string[]
  /** `names` are the final argument names, in the order of `arguments`. */
  readonly bind: (names: readonly string[]) => BodyBinding
}

export interface BodyDeps {
  readonly reader: SchemaReader
  readonly root: Record<string, unknown>
  readonly findings: Findings
}

/** The request body as arguments: its properties, where it is a plain object, else one argument `body`. */
export function bindBody(operation: DeclaredOperation, deps: BodyDeps): DraftBody | undefined {
  const { body } = operation
  if (!body) return undefined
  const ranked = body.contents.toSorted((a, b) => rank(a) - rank(b))
  const readings = ranked.map((content): Reading => readContent(content, deps))
  const chosen = choose(readings.toSorted((a, b) => Number(isShapeless(a)) - Number(isShapeless(b))))
  tellLeftOut(readings, chosen, operation, deps.findings)
  const [first] = chosen as [Reading]
  if (first.flat) return flatBody(chosen as FlatReading[], body.required, deps)
  const contents = chosen.map(({ content, target }) =>
    contentOf(content, { properties: {}, schema: target, root: deps.root }),
  )
  const whole: DraftArgument = {
    wanted: 'body',
    place: 'body',
    required: body.required,
    schema: isShapeless(first) ? freeForm(first, deps.findings) : wholeSchema(first, contents[0]!, body.description),
    bind: () => undefined,
  }
  return {
    arguments: [whole],
    neededTogether: [],
    bind: ([argument]) => ({ required: body.required, contents, from: { argument: argument! } }),
  }
}

/** One media type of the body, as it was read. */
interface Reading {
  readonly content: DeclaredContent
  readonly kind: BodyKind
  readonly schema: JsonSchema
  readonly target: JsonSchema
  readonly flat?: FlatBody
}

type FlatReading = Reading & { readonly flat: FlatBody }

function readContent(content: DeclaredContent, { reader, findings }: BodyDeps): Reading {
  const kind = kindOf(content.contentType)
  const schema = reader.read(content.schema, content.schemaPointer)
  const flat = withUndeclared(STRUCTURED.has(kind) ? flattenBody(schema, reader) : undefined, content, findings)
  return { content, kind, schema, target: reader.target(schema), ...(flat ? { flat } : {}) }
}

/** A form that is described as no object: nobody can say which fields it has. */
function isShapeless({ kind, flat, target }: Reading): boolean {
  return (kind === 'form' || kind === 'multipart') && !flat && !isStructured(target)
}

function freeForm({ content, kind, target }: Reading, findings: Findings): JsonSchema {
  const isAny = target.type === undefined || [target.type].flat().includes('object')
  const message = `A body of type ${content.contentType} has fields, and its schema describes none; any fields are taken`
  if (!isAny) findings.add({ code: 'body-no-object', severity: 'warning', pointer: content.schemaPointer, message })
  const files = kind === 'multipart' ? ' A file is {filename, contentType, data} with base64 data.' : ''
  return {
    type: 'object',
    additionalProperties: true,
    description: `The fields of the body (${content.contentType}).${files}`,
  }
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.assign(
    Object.create(null),
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)])),
  )
}

const STRUCTURED: ReadonlySet<BodyKind> = new Set(['json', 'form', 'multipart', 'xml'])

/**
 * JSON wherever it is offered, and else all that the same arguments can make, the most structured first (B104). A form is
 * offered beside JSON where it has properties that JSON has not, such as files.
 */
function choose([first, ...others]: readonly Reading[]): readonly Reading[] {
  const known = new Set(Object.keys(first!.flat?.properties ?? {}))
  const fits = ({ kind, flat, target }: Reading): boolean => {
    if (first!.flat) {
      if (!flat) return false
      const hasMore = Object.keys(flat.properties).some((name) => !known.has(name))
      for (const name of Object.keys(flat.properties)) known.add(name)
      return hasMore || first!.kind !== 'json'
    }
    if (first!.kind === 'json') return false
    return isStructured(first!.target) ? STRUCTURED.has(kind) && isStructured(target) : kind === first!.kind
  }
  return [first!, ...others.filter(fits)]
}

function tellLeftOut(
  readings: readonly Reading[],
  chosen: readonly Reading[],
  { pointer }: DeclaredOperation,
  findings: Findings,
): void {
  const [first] = chosen as [Reading]
  const said = JSON.stringify(first.content.schema)
  const left = readings.filter(
    (one) => !chosen.includes(one) && !one.flat && JSON.stringify(one.content.schema) !== said,
  )
  if (left.length === 0) return
  const names = left.map(({ content }) => content.contentType).join(', ')
  const message = `The body is sent as ${first.content.contentType}; what it could be as ${names} is left out`
  findings.add({ code: 'body-type-left-out', severity: 'info', pointer, message })
}

const RANKS: BodyKind[] = ['json', 'form', 'multipart', 'ndjson', 'xml', 'text', 'binary']

function rank({ contentType }: DeclaredContent): number {
  // A plain JSON type before its dialects.
  return RANKS.indexOf(kindOf(contentType)) * 2 + (/^application\/json\b/i.test(contentType) ? 0 : 1)
}

/** What is required but not described can be given all the same: a request without it would never be taken. */
function withUndeclared(flat: FlatBody | undefined, { schemaPointer }: DeclaredContent, findings: Findings) {
  if (!flat) return undefined
  const missing = flat.required.filter((name) => !Object.hasOwn(flat.properties, name) && !flat.leftOut.has(name))
  if (missing.length === 0) return flat
  if (flat.isClosed) {
    const message = `${missing.join(', ')}: required, but not among its properties, and no others are taken; not required`
    findings.add({ code: 'required-undeclared', severity: 'warning', pointer: schemaPointer, message })
    return { ...flat, required: flat.required.filter((name) => !missing.includes(name)) }
  }
  const message = `${missing.join(', ')}: required, but not among its properties; any value is taken`
  findings.add({ code: 'required-undeclared', severity: 'warning', pointer: schemaPointer, message })
  return { ...flat, properties: { ...flat.properties, ...Object.fromEntries(missing.map((name) => [name, {}])) } }
}

/** The properties of all chosen media types; required is what is so in each of them. */
function flatBody(chosen: readonly FlatReading[], bodyRequired: boolean, { reader, root }: BodyDeps): DraftBody {
  const all = chosen.map(({ flat }) => flat.properties)
  const properties: Record<string, JsonSchema> = Object.assign(Object.create(null), ...all.toReversed())
  const names = [...new Set(all.flatMap((own) => Object.keys(own)))]
  const required = names.filter((name) => chosen.every(({ flat }) => flat.required.includes(name)))
  const differ = chosen.some(
    ({ flat }) =>
      Object.keys(flat.properties).length < names.length || flat.required.some((name) => !required.includes(name)),
  )
  const contents = chosen.map(({ content, flat, target }) => ({
    ...contentOf(content, { properties: mapValues(flat.properties, reader.target), schema: target, root }),
    ...(differ
      ? { properties: Object.keys(flat.properties), required: flat.required.filter((name) => names.includes(name)) }
      : {}),
  }))
  const schemaOf = (name: string): JsonSchema => {
    const isFile = contents.map(({ encoding, properties: own }) =>
      own && !own.includes(name) ? undefined : encoding[name]?.file === true,
    )
    if (!isFile.includes(true)) return properties[name]!
    const file = fileSchema(reader.target(properties[name]!))
    // A file in one media type and something else in another: either.
    return isFile.includes(false) ? { anyOf: [properties[name]!, file] } : file
  }
  return {
    arguments: names.map((name) => ({
      wanted: name,
      place: 'body',
      required: bodyRequired && required.includes(name),
      schema: schemaOf(name),
      bind: () => undefined,
    })),
    neededTogether: bodyRequired ? [] : required,
    bind: (args) => ({
      required: bodyRequired,
      contents,
      from: { properties: names.map((property, index) => ({ argument: args[index]!, property })) },
    }),
  }
}

function wholeSchema(
  { schema, target }: Reading,
  { kind, contentType, xml }: BodyContent,
  description: string,
): JsonSchema {
  const text = [description, typeof schema.description === 'string' ? schema.description : ''].find(Boolean)
  const told = (...more: string[]) => ({ description: [text, ...more].filter(Boolean).join(' ') })
  if (kind === 'text' || (kind === 'xml' && !xml)) {
    const own = kind === 'text' && target.type === 'string' ? target : { type: 'string' }
    return { ...own, ...told(`The body as ${contentType}.`) }
  }
  if (kind === 'binary')
    return { type: 'string', ...told(`The bytes of the body (${contentType}) as base64 or a data URL.`) }
  if (kind === 'ndjson')
    return { type: 'array', items: schema.type === 'array' ? (schema.items ?? {}) : schema, ...(text ? told() : {}) }
  return text ? { ...schema, description: text } : schema
}

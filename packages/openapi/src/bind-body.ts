import type { BodyBinding, BodyContent, JsonSchema } from '@sluice/contract'
import type { DraftArgument } from './bind-parameters.ts'
import { contentOf, kindOfContent } from './body-content.ts'
import {
  chooseContents,
  type FlatReading,
  isShapeless,
  leftOut,
  type Reading,
  STRUCTURED,
  shapeOf,
} from './choose-contents.ts'
import { isUnwritten, tellUnwritten } from './content-form.ts'
import { fieldTextSchema } from './field-content.ts'
import { fileSchema } from './file-use.ts'
import type { Findings } from './findings.ts'
import { type FlatBody, flattenBody } from './flatten-body.ts'
import { formFields, withFileFields } from './form-fields.ts'
import type { DeclaredContent } from './list-bodies.ts'
import type { DeclaredOperation } from './list-operations.ts'
import { essence } from './media-type.ts'
import { isNested } from './part-encoding.ts'
import type { SchemaReader } from './read-schema.ts'
import { same } from './same-json.ts'

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
  const readings = body.contents.map((content): Reading => readContent(content, deps))
  const chosen = chooseContents(readings, deps.reader.target)
  tellLeftOut(readings, chosen, operation, deps.findings)
  for (const reading of chosen) tellText(reading, deps)
  const [first] = chosen as [Reading]
  if (chosen.every(({ flat }) => flat)) return flatBody(chosen as FlatReading[], body.required, deps)
  const { target } = deps.reader
  const differ = new Set(chosen.map(shapeOf)).size > 1
  const contents = chosen.map((reading) => {
    const { content, target: schema } = reading
    const takes = differ && reading.kind === 'json' ? shapeOf(reading) : undefined
    const fields = formFields(schema, target)
    return {
      ...contentOf(content, { fields, schema, root: deps.root, target, findings: deps.findings }),
      ...(takes ? { takes } : {}),
    }
  })
  const whole: DraftArgument = {
    wanted: 'body',
    place: 'body',
    required: body.required,
    schema: isShapeless(first)
      ? freeForm(first, deps.findings)
      : eitherShape(
          chosen.filter((_one, index) => contents[index]!.takes),
          wholeSchema(first, contents[0]!, body.description, target),
        ),
    bind: () => undefined,
  }
  return {
    arguments: [whole],
    neededTogether: [],
    bind: ([argument]) => ({ required: body.required, contents, from: { argument: argument! } }),
  }
}

/** One body that is a list in one media type and an object in another. */
function eitherShape(chosen: readonly Reading[], whole: JsonSchema): JsonSchema {
  const different = chosen.filter(
    (one, index) => chosen.findIndex((other) => same(other.content.schema, one.content.schema)) === index,
  )
  if (different.length < 2) return whole
  const description = typeof whole.description === 'string' ? { description: whole.description } : {}
  return { anyOf: different.map(({ schema }) => schema), ...description }
}

function readContent(content: DeclaredContent, { reader, findings }: BodyDeps): Reading {
  const schema = reader.read(content.schema, content.schemaPointer)
  const target = reader.target(schema)
  const kind = kindOfContent(content.contentType, target, reader.target)
  const described = withUndeclared(STRUCTURED.has(kind) ? flattenBody(schema, reader) : undefined, content, findings)
  const flat = described && isMergePatch(content.contentType) ? withRemovals(described) : described
  return { content, kind, schema, target, ...(flat ? { flat } : {}) }
}

function isMergePatch(contentType: string): boolean {
  return essence(contentType) === 'application/merge-patch+json'
}

/** Null takes a member away (RFC 7396 2), whatever its schema says of the member itself. */
function withRemovals(flat: FlatBody): FlatBody {
  const removable = (schema: JsonSchema): JsonSchema => {
    const { description = '', ...own } = schema
    return { anyOf: [own, { type: 'null' }], description: `${description} Null removes it.`.trim() }
  }
  const entries = Object.entries(flat.properties).map(([name, schema]) => [name, removable(schema)] as const)
  return { ...flat, properties: Object.assign(Object.create(null), Object.fromEntries(entries)) }
}

/** A body that is described as an object, in a media type that nothing is said to be written in. */
function tellText({ kind, content, target }: Reading, { reader, findings }: BodyDeps): void {
  const { contentType, schemaPointer } = content
  if ((kind !== 'text' && kind !== 'binary') || !isUnwritten(contentType, target, reader.target)) return
  const instead = kind === 'text' ? undefined : 'its bytes, in base64 or a data URL'
  tellUnwritten(findings, 'the body', contentType, schemaPointer, instead)
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

function tellLeftOut(
  readings: readonly Reading[],
  chosen: readonly Reading[],
  { pointer }: DeclaredOperation,
  findings: Findings,
): void {
  const left = leftOut(readings, chosen)
  if (left.length === 0) return
  const [first] = chosen as [Reading]
  const names = left.map(({ content }) => content.contentType).join(', ')
  const message = `The body is sent as ${first.content.contentType}; what it could be as ${names} is left out`
  findings.add({ code: 'body-type-left-out', severity: 'info', pointer, message })
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
function flatBody(
  chosen: readonly FlatReading[],
  bodyRequired: boolean,
  { reader, root, findings }: BodyDeps,
): DraftBody {
  const all = chosen.map(({ flat }) => flat.properties)
  const names = [...new Set(all.flatMap((own) => Object.keys(own)))]
  const required = names.filter((name) => chosen.every(({ flat }) => flat.required.includes(name)))
  const differ = chosen.some(
    ({ flat }) =>
      Object.keys(flat.properties).length < names.length || flat.required.some((name) => !required.includes(name)),
  )
  const contents = chosen.map(({ content, flat, target }) => ({
    ...contentOf(content, {
      fields: { named: flat.properties },
      schema: target,
      root,
      target: reader.target,
      findings,
    }),
    ...(differ
      ? { properties: Object.keys(flat.properties), required: flat.required.filter((name) => names.includes(name)) }
      : {}),
  }))
  return {
    arguments: names.map((name) => ({
      wanted: name,
      place: 'body',
      required: bodyRequired && required.includes(name),
      schema: fieldSchema(name, all, contents, reader.target),
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

/** Described as a text, they may be given as the very text too. */
function recordsSchema(schema: JsonSchema, target: JsonSchema, told: JsonSchema): JsonSchema {
  const list = { type: 'array', items: schema.type === 'array' ? (schema.items ?? {}) : schema }
  if (target.type !== 'string') return { ...list, ...told }
  return { anyOf: [list, { type: 'string', description: 'The whole body as it is sent.' }], ...told }
}

/** A property as the media types have it: that of the first, and a file where one of them has one. */
function fieldSchema(
  name: string,
  all: ReadonlyArray<FlatBody['properties']>,
  contents: readonly BodyContent[],
  target: SchemaReader['target'],
): JsonSchema {
  const said = all.flatMap((own, index) =>
    Object.hasOwn(own, name)
      ? [{ schema: own[name]!, kind: contents[index]!.kind, ...contents[index]!.encoding[name] }]
      : [],
  )
  const texts = said.map((one) => fieldTextSchema(one.schema, one, target))
  if (texts[0] && texts.every(Boolean)) return texts[0]
  const one = said.find(({ file }) => file)
  const [first] = said as [(typeof said)[number]]
  if (!one)
    return isNested(first)
      ? withFileFields(first.schema, { ...first, encoding: first.encoding ?? {} }, target)
      : first.schema
  const other = said.find(({ file }) => !file)
  const isAlways = !other && one.file === true
  const { description, ...file } = fileSchema(one.schema, isAlways ? 'always' : 'sometimes', { ...one, target })
  return other ? { anyOf: [other.schema, file], description } : { ...file, description }
}

function wholeSchema(
  { schema: asRead, target }: Reading,
  content: BodyContent,
  description: string,
  follow: SchemaReader['target'],
): JsonSchema {
  const { kind, contentType, xml } = content
  const schema = kind === 'multipart' ? withFileFields(asRead, content, follow) : asRead
  const text = [description, typeof schema.description === 'string' ? schema.description : ''].find(Boolean)
  const told = (...more: string[]) => ({ description: [text, ...more].filter(Boolean).join(' ') })
  if (kind === 'text' || (kind === 'xml' && !xml)) {
    const own = kind === 'text' && target.type === 'string' ? target : { type: 'string' }
    return { ...own, ...told(`The body as ${contentType}.`) }
  }
  if (kind === 'binary')
    return { type: 'string', ...told(`The bytes of the body (${contentType}) as base64 or a data URL.`) }
  if (kind === 'ndjson') return recordsSchema(schema, target, text ? told() : {})
  return text ? { ...schema, description: text } : schema
}

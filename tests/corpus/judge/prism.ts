import { createRequire } from 'node:module'
import { join } from 'node:path'
import { INSTALL } from '../corpus-documents.ts'
import type { Plain } from '../walk-operations.ts'
import type { Judge, JudgedRequest, Violation } from './judge.ts'
import { type FieldEncoding, readForm } from './read-form.ts'
import { watchCompiler } from './watch-compiler.ts'

interface Resource {
  readonly method: string
  readonly path: string
  readonly request?: { readonly body?: { readonly contents?: readonly Content[]; readonly required?: boolean } }
  readonly __bundled__?: unknown
}

interface Content {
  readonly mediaType: string
  readonly schema?: Plain
  readonly encodings?: readonly FieldEncoding[]
}

/** fp-ts's Either and Option, as far as they are looked at. */
interface Either<Left> {
  readonly _tag: 'Left' | 'Right'
  readonly left: Left
  readonly right?: unknown
}
type Option<Value> = { readonly _tag: 'None' } | { readonly _tag: 'Some'; readonly value: Value }

interface Prism {
  readonly load: (document: Plain) => Promise<Resource[]>
  readonly validate: (input: { resource: Resource; element: JudgedRequest }) => Either<readonly Violation[]>
  readonly matchPath: (request: string, template: string) => Either<Error>
  readonly validateValue: (
    value: unknown,
    schema: Plain,
    coerce: boolean,
    context: number,
    prefix: string,
    bundle: unknown,
  ) => Option<readonly Violation[]>
}

let prism: Prism | undefined
let loads = 0

/**
 * Prism's loader, router and request validator, by which its mock server judges; installed by `npm run corpus`. They keep what
 * they compiled of every operation, so they are loaded anew from time to time.
 */
function thePrism(): Prism {
  const require = createRequire(join(INSTALL, 'package.json'))
  if (loads++ % MOST_LOADS === 0) {
    prism = undefined
    for (const file of Object.keys(require.cache)) if (file.includes('/prism-http/dist/')) delete require.cache[file]
  }
  const load = (name: string) => require(`@stoplight/prism-http/dist/${name}`)
  const compiler = (name: string) => require(`ajv/dist/${name}`)
  if (loads === 1) watchCompiler(compiler('core.js').default, (fault) => unjudged.push(fault))
  prism ??= {
    load: load('utils/operations.js').getHttpOperationsFromSpec,
    validate: load('validator/index.js').validateInput,
    matchPath: load('router/matchPath.js').matchPath,
    validateValue: load('validator/validators/utils.js').validateAgainstSchema,
  }
  return prism
}

const MOST_LOADS = 400

/** Why schemas were not judged by, since the last request. */
let unjudged: string[] = []

/** Prism's view of the one operation of a document. @throws what Prism throws where it cannot read the document */
export async function loadPrism(document: Plain, method: string, path: string): Promise<Judge | undefined> {
  const { load, validate, matchPath, validateValue } = thePrism()
  const resources = await load(document)
  const resource = resources.find((one) => one.path === path && one.method === method.toLowerCase())
  if (!resource) return undefined
  return (request) => {
    const matched = matchPath(request.url.path, path)
    if (matched._tag === 'Left' || matched.right === 'no-match')
      return [{ code: 'path', message: `${request.url.path} is not on ${path}` }]
    const form = formOf(resource, request)
    const element = form ? { ...request, body: null, headers: withoutBody(request.headers) } : request
    unjudged = []
    const judged = validate({ resource: form ? withoutBodyOf(resource) : withOwnContent(resource, request), element })
    const violations = judged._tag === 'Left' ? judged.left.filter(({ code }) => code !== 'deprecated') : []
    const inForm = form ? formViolations(resource, request, form, validateValue) : []
    if (unjudged.length > 0) return [{ code: 'no-verdict', message: `no verdict: ${unjudged[0]}` }]
    return [...violations, ...inForm]
  }
}

/**
 * The content that a form is judged by. Prism's own reading of forms keeps the last of repeated names, knows no `a[b]` and takes
 * the `+` of a space for a reserved character, so the form is read here and Prism judges the value.
 */
function formOf(resource: Resource, { headers }: JudgedRequest): Content | undefined {
  const sent = mediaType(headers['content-type'])
  if (sent !== 'application/x-www-form-urlencoded' && !sent.startsWith('multipart/')) return undefined
  return resource.request?.body?.contents?.find((content) => mediaType(content.mediaType) === sent)
}

function formViolations(
  resource: Resource,
  request: JudgedRequest,
  content: Content,
  validateValue: Prism['validateValue'],
): readonly Violation[] {
  if (!content.schema) return []
  const type = String(request.headers['content-type'])
  const value = readForm(type, request.bytes, content.schema, content.encodings ?? [])
  const judged = validateValue(value, content.schema, true, INPUT, 'body', resource.__bundled__)
  return judged._tag === 'Some' ? judged.value : []
}

/** Prism's `ValidationContext.Input`. */
const INPUT = 0

/**
 * With the content alone that has the very media type, where one has: "only the most specific key is applicable" (OpenAPI 3.0.4,
 * 4.7.13). Prism takes the first that fits, and all of one suffix for the same.
 */
function withOwnContent(resource: Resource, { headers }: JudgedRequest): Resource {
  const { body } = resource.request ?? {}
  const sent = headers['content-type']
  const contents = body?.contents ?? []
  const own =
    contents.find((content) => content.mediaType === sent) ??
    contents.find((content) => mediaType(content.mediaType) === mediaType(sent))
  return own ? { ...resource, request: { ...resource.request, body: { ...body, contents: [own] } } } : resource
}

function withoutBodyOf(resource: Resource): Resource {
  const { body: _body, ...rest } = resource.request ?? {}
  return { ...resource, request: rest }
}

function withoutBody(headers: JudgedRequest['headers']): JudgedRequest['headers'] {
  const { 'content-type': _type, 'content-length': _length, ...rest } = headers
  return rest
}

function mediaType(value: unknown): string {
  return String(value).split(';', 1)[0]!.trim().toLowerCase()
}

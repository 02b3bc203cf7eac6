import type { Refusal } from './refusal.ts'

/** Why a judge refuses what is right: a bug of its own, or a thing that the documents leave open. */
export interface Disagreement {
  readonly name: string
  /** Which clause says that the request is right. */
  readonly because: string
  readonly fits: (reason: string, refusal: Refusal, operation: string) => boolean
}

/** Every refusal must be one of these; one that explains nothing any more fails a whole run. */
export const DISAGREEMENTS: readonly Disagreement[] = [
  {
    name: 'absent list header',
    because:
      'Prism throws where an optional header or parameter that is a list is not sent, or is one of its own; `required` is false by default (OpenAPI 3.0.4, 4.7.12.2).',
    fits: (reason, { kind }) => kind === 'judge-threw' && /reading 'split'|\.split is not/.test(reason),
  },
  {
    name: 'absent deepObject',
    because:
      'Prism makes an empty object of an optional `deepObject` parameter that was not sent, and judges its members (OpenAPI 3.0.4, 4.7.12.2: an optional parameter may be left out).',
    fits: (reason, { sent }) => {
      const name = /^\w+ query\.([^.:]+)[.:]/.exec(reason)?.[1]
      return name !== undefined && !sent?.toLowerCase().includes(`${name.toLowerCase()}[`) && !isSent(name, sent)
    },
  },
  {
    name: 'YAML read as text',
    because:
      'Prism reads no YAML: it takes the body for a text. JSON is YAML (YAML 1.2.2, 1.3), and so is what is sent.',
    fits: (reason, { sent }) =>
      /^type body: Request body must be /.test(reason) && /^[^\n]*\n[^\n]*[/+](?:x-)?yaml\b/i.test(sent ?? ''),
  },
  {
    name: 'a spread member with the name of a parameter',
    because:
      'Members of an exploded object stand beside the other parameters (RFC 6570 3.2.8): one with the name of another parameter could not be told from it, so it is refused with advice to leave it out.',
    fits: (reason, { kind }) =>
      kind === 'not-built' && /is the name of the parameter .*: leave it out\. Nothing was sent\.$/.test(reason),
  },
  {
    name: 'list inside of a deepObject',
    because:
      'What a list inside of a `deepObject` looks like is left undefined (OpenAPI 3.0.4, 4.7.12.3); `a[b][]` is sent, Prism reads `a[b][0]`.',
    fits: (reason, { sent }) => /^(minItems|type) query\.[^.:]+\./.test(reason) && /\]\[\]=/.test(sent ?? ''),
  },
  {
    name: 'several branches fit',
    because:
      'More than one branch of a `oneOf` fits: branches that require nothing, numbers that are integers too, text that could be a number. No caller could choose better, so one that fits is enough.',
    fits: (reason, { reasons }) => {
      const overlaps = overlapsIn(reasons)
      if (overlaps.length === 0 || overlaps.includes(reason)) return overlaps.length > 0
      const own = pathOf(reason)
      // What stands around an overlap in another choice fails with it.
      const isInChoice = reasons.some((other) => /^(any|one)Of /.test(other) && pathOf(other) === own)
      return isInChoice && overlaps.some((other) => isAround(own, pathOf(other)))
    },
  },
  {
    name: 'list of objects in a query',
    because:
      'What an object inside of a list looks like in a query is left undefined (OpenAPI 3.0.4, 4.7.12.3 and RFC 6570 2.4.2); JSON text is sent.',
    fits: (reason, { reasons }) => {
      const name = /^(?:type|minItems|maxItems) query\.([^.:]+)/.exec(reason)?.[1]
      const isItem = (other: string) => /^type query\.\S+\.\d+: .*must be object/.test(other)
      // JSON holds commas, by which Prism splits it into more items than were sent.
      return isItem(reason) || reasons.some((other) => isItem(other) && other.startsWith(`type query.${name}.`))
    },
  },
  {
    name: 'delimiter inside of an item',
    because:
      'Prism decodes a list before it splits it, so that an encoded comma splits an item (RFC 6570 2.4.2 and 3.2.8: items are encoded, then joined).',
    fits: (reason, { sent }) => /^(minLength|pattern|enum|format|type) query\./.test(reason) && /%2C/i.test(sent ?? ''),
  },
  {
    name: 'what would be read as something else',
    because:
      'A value that holds the delimiter of its list, a bracket in a key of a `deepObject`, and a list that would be several roots of an XML document are refused before sending (decision 19).',
    fits: (reason, { kind }) =>
      kind === 'not-built' &&
      /between them, so none may hold it|may hold no bracket|one element at its root/.test(reason),
  },
  {
    name: 'look-around',
    because:
      'A pattern with look-around is not checked before sending: expressions of foreign documents run on an engine of linear time, which has none (B63, S26).',
    fits: (reason) => /^pattern .*\(\?<?[=!]/.test(reason),
  },
  {
    name: 'bytes are no object',
    because:
      'The document gives a media type of bytes or text an object as its schema; what is sent is the bytes or the text (OpenAPI 3.0.4, 4.7.14.2).',
    fits: (reason, { sent }) =>
      /^type body: .*must be (object|array)/.test(reason) &&
      /\n(application\/(octet-stream|pdf|zip|text|x-yaml|yaml|form-data)|image\/|audio\/|video\/|text\/)/.test(
        sent ?? '',
      ),
  },
  {
    name: 'empty in a form',
    because:
      'An empty object or list has no form in `a=b` pairs: RFC 6570 2.3 calls it undefined, and nothing is sent.',
    fits: (reason, refusal) => {
      const { reasons } = refusal
      // Where an object may be something else too, each says why it is not that.
      const isInChoice = reasons.some((other) => /^(any|one)Of /.test(other) && pathOf(other) === pathOf(reason))
      const isAbout = (other: string) => isAround(pathOf(reason), pathOf(other)) && isEmptyInForm(other, refusal)
      return isEmptyInForm(reason, refusal) || (isInChoice && reasons.some(isAbout))
    },
  },
  {
    name: 'dots as a path segment',
    because:
      'A path argument of `.` or `..` would be removed from the path by whoever reads it (RFC 3986 5.2.4), so it is refused before sending (S12).',
    fits: (reason, { kind }) => kind === 'not-built' && /which would change the path/.test(reason),
  },
  {
    name: 'properties of two media types',
    because:
      'The generator makes the arguments of a body without regard to its media type; what the chosen one does not have, needs, is not made of, or has as a file is refused before sending, with the way out.',
    fits: (reason, { kind }) =>
      kind === 'not-built' &&
      /(leave it out|give one), or choose another contentType|^Missing for a body of type|is a file: give its bytes/.test(
        reason,
      ),
  },
  {
    name: 'one name in two media types',
    because:
      'A property is described otherwise as JSON than in a form: there is one argument for both, which takes what the wider one does; where the form means less, the API itself refuses.',
    fits: (reason, { args, sent }) => {
      const { contentType } = (args ?? {}) as { contentType?: unknown }
      const isForm = /\n(application\/x-www-form-urlencoded|multipart\/)/.test(sent ?? '')
      return isForm && typeof contentType === 'string' && /^(format|pattern|enum) body\.[^.:]+:/.test(reason)
    },
  },
  {
    name: 'schemas cut at 256 kB',
    because:
      'The schemas of one operation are kept up to 256 kB; what is deeper takes any value, which the diagnostic `schema-large` says.',
    fits: (_reason, { isCut }) => isCut === true,
  },
  {
    name: 'a form without fields',
    because:
      'The document gives a form a schema that is no object (OpenAPI 3.0.4, 4.7.14.4: forms are made of properties); fields are sent, which the diagnostic `body-no-object` says.',
    fits: (reason, { sent }) =>
      /^type body: .*must be (string|array)/.test(reason) &&
      /\n(application\/x-www-form-urlencoded|multipart\/)/.test(sent ?? ''),
  },
  {
    name: 'bytes that are called base64',
    because:
      'A binary media type with `format: byte` (OpenAPI 3.0.4, 4.4) is sent as the bytes, as the vendors’ own clients do (decision 19).',
    fits: (reason, { sent }) => /^format body: .*"byte"/.test(reason) && /\n(application\/|image\/)/.test(sent ?? ''),
  },
  {
    name: 'a header that cannot be',
    because:
      'A header’s value can hold no control characters (RFC 9110 5.5); the document’s own example has line breaks.',
    fits: (reason, { kind }) => kind === 'not-built' && /becomes the header .*, which cannot hold/.test(reason),
  },
  {
    name: 'nullable list in a query',
    because:
      'Prism reads a list that may be null as one text (its schema has two types); it is sent as its style has it (OpenAPI 3.0.4, 4.7.12.2).',
    fits: (reason) => /^type query\.\S+: .*must be array,null/.test(reason),
  },
  {
    name: 'values of several types in a query',
    because:
      'An enum of numbers and booleans: Prism reads the text of one as the other (OpenAPI 3.0.4, 4.7.12.2 leaves the types of a text open).',
    fits: (reason) => /^enum query\.\S+: .*allowed values: true, false, 0, 1/.test(reason),
  },
  {
    name: 'a format of text on numbers',
    because:
      'A format that is of texts says nothing of numbers (JSON Schema 2020-12, Validation 7.2); Prism makes texts of them first.',
    fits: (reason, { args }) => {
      const name = /^format query\.([^.:]+)/.exec(reason)?.[1]?.toLowerCase()
      const given = Object.entries((args ?? {}) as object).find(([key]) => key.toLowerCase() === name)?.[1]
      return [given].flat().every((value) => typeof value === 'number')
    },
  },
  {
    name: 'a pattern between slashes',
    because:
      'A pattern is an expression, not a literal of ECMA-262 (JSON Schema 2020-12, Validation 6.3.3); the slashes around it are a slip, since no value of the document has them.',
    fits: (reason) => /^pattern .*"\/.*\/[a-z]*"$/.test(reason),
  },
  {
    name: 'RFC 6570 operator in a path',
    because:
      'Prism reads `{.format}` by RFC 6570, and takes the second of two adjoining names for all of both; OpenAPI knows names between braces and no operators (OpenAPI 3.0.4, 4.7.8.2).',
    fits: (reason, _refusal, operation) => /^\w+ path/.test(reason) && /\{[.;/?&#+*]|\}\{/.test(operation),
  },
  {
    name: 'exploded object in a query',
    because:
      'An exploded object stands in a query by the names of its members (OpenAPI 3.0.4, 4.7.12.3); Prism misses its own name.',
    fits: (reason, { args }) => {
      const name = /^required query: .*'([^']+)'$/.exec(reason)?.[1]?.toLowerCase()
      const given = Object.entries((args ?? {}) as object).find(([key]) => key.toLowerCase() === name)?.[1]
      return typeof given === 'object' && given !== null
    },
  },
  {
    name: 'a query in a path template',
    because:
      'The path itself has a query with a value for a name (no path template may, OpenAPI 3.0.4, 4.7.8.1), and a parameter of that name stands beside it: both are sent, and Prism reads a list.',
    fits: (reason, _refusal, operation) => {
      const name = /^(?:type|enum) query\.([^.:]+):/.exec(reason)?.[1]
      return name !== undefined && ['?', '&'].some((before) => operation.toLowerCase().includes(`${before}${name}=`))
    },
  },
  {
    name: 'list inside of a value in a path or header',
    because:
      'What stands inside of a list’s item, or of an object’s member, has no form in a path or header (RFC 6570 2.3 knows texts only; OpenAPI 3.0.4, 4.7.12.3 leaves it undefined); JSON text is sent.',
    fits: (reason) => /^type (path\.p\d+\.\d+|header\.[^.:]+\.[^.:]+): .*must be (array|object)/.test(reason),
  },
  {
    name: 'only what is read-only',
    because:
      'A path parameter is an object all of whose properties are read-only and that takes no others: nothing may be sent of it (OpenAPI 3.0.4, 4.7.24.2), and an empty segment is refused before sending.',
    fits: (reason, { kind, args }) => {
      const name = /^(\S+) may not be empty: it is part of the path/.exec(reason)?.[1]
      const given = name === undefined ? undefined : ((args ?? {}) as Record<string, unknown>)[name]
      const isEmpty = typeof given === 'object' && given !== null && Object.keys(given).length === 0
      return kind === 'not-built' && isEmpty
    },
  },
  {
    name: 'parameters that are none',
    because:
      'The document’s media type has a parameter without a value (RFC 9110 5.6.6), and is sent as the document has it; Prism knows no type that it cannot parse.',
    fits: (reason, { sent }) => {
      const own = sent?.split('\n', 2)[1] ?? ''
      const listed = /^415 : Supported content types: (.*)$/.exec(reason)?.[1]?.split(',') ?? []
      return (
        listed.includes(own) &&
        own
          .split(';')
          .slice(1)
          .some((parameter) => !parameter.includes('='))
      )
    },
  },
  {
    name: 'what is no media type',
    because:
      'The document’s media type is none (RFC 9110 8.3.1: type, slash, subtype); JSON is sent, which the diagnostic `media-type-invalid` says.',
    fits: (reason, { sent }) => {
      const listed = /^415 : Supported content types: (.*)$/.exec(reason)?.[1]?.split(',') ?? []
      return listed.length > 0 && !listed.some((type) => type.includes('/')) && /\napplication\/json\b/.test(sent ?? '')
    },
  },
  {
    name: 'a path of two slashes',
    because: 'A request for `//a` is one for that path (RFC 9112 3.2.1); Prism reads a host in it.',
    fits: (reason, _refusal, operation) => / \/\//.test(operation) && /is not on/.test(reason),
  },
  {
    name: 'oneOf is checked as anyOf',
    because:
      'Decision 19: published documents overlap their branches, so fitting one is enough before sending; where a document means exactly one, the API itself refuses.',
    fits: (_reason, { reasons }) => reasons.some((other) => other.startsWith('oneOf ')),
  },
]

/** What is required was given, and is empty, or a list of what is. */
function isEmptyInForm(reason: string, { args, sent }: Refusal): boolean {
  const name = /^required (?:body|query)[^:]*:.*'([^']+)'$/.exec(reason)?.[1]
  if (name === undefined) return false
  const isForm =
    /\n(application\/x-www-form-urlencoded|multipart\/)/.test(sent ?? '') || reason.startsWith('required query')
  return isForm && new RegExp(`"${name.toLowerCase()}":[[{][[\\]{},]*[\\]}]`).test(JSON.stringify(args).toLowerCase())
}

function isSent(name: string, sent = ''): boolean {
  return ['?', '&'].some((before) => sent.toLowerCase().includes(`${before}${name.toLowerCase()}=`))
}

/** `type body.a.0: …` is about `body.a.0`. */
function pathOf(reason: string): string {
  return /^\S* (\S*?):/.exec(reason)?.[1] ?? ''
}

/** Where no branch fits, each says why; where several do, `oneOf` stands alone at its place. */
function overlapsIn(reasons: readonly string[]): readonly string[] {
  const known = overlaps.get(reasons)
  if (known) return known
  const others = reasons.filter((reason) => !reason.startsWith('oneOf ')).map(pathOf)
  const choices = reasons.filter((reason) => reason.startsWith('oneOf '))
  const found = choices.filter((reason) => !others.some((path) => isAround(pathOf(reason), path)))
  overlaps.set(reasons, found)
  return found
}

/** A refusal may have thousands of reasons, each of which asks for them. */
const overlaps = new WeakMap<readonly string[], readonly string[]>()

function isAround(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`)
}

/** The disagreement that explains each reason of a refusal; nothing where one reason has none. */
export function explain(refusal: Refusal, operation: string): Disagreement[] | undefined {
  const found = refusal.reasons.map((reason) => DISAGREEMENTS.find(({ fits }) => fits(reason, refusal, operation)))
  return found.includes(undefined) ? undefined : (found as Disagreement[])
}

import type { Refusal } from './judge-operation.ts'

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
    because: 'Prism throws where an optional header or parameter that is a list is not sent; `required` is false by default (OpenAPI 3.0.4, 4.7.12.2).',
    fits: (reason, { kind }) => kind === 'judge-threw' && /reading 'split'/.test(reason),
  },
  {
    name: 'absent deepObject',
    because: 'Prism makes an empty object of an optional `deepObject` parameter that was not sent, and misses its required members (OpenAPI 3.0.4, 4.7.12.2: an optional parameter may be left out).',
    fits: (reason, { sent }) => {
      const name = /^required query\.([^.:]+):/.exec(reason)?.[1]
      return name !== undefined && !sent?.toLowerCase().includes(`${name.toLowerCase()}[`)
    },
  },
  {
    name: 'delimiter inside of an item',
    because: 'Prism decodes a list before it splits it, so that an encoded comma splits an item (RFC 6570 2.4.2 and 3.2.8: items are encoded, then joined).',
    fits: (reason, { sent }) => /^(minLength|pattern|enum|format|type) query\./.test(reason) && /%2C/i.test(sent ?? ''),
  },
  {
    name: 'look-around',
    because: 'A pattern with look-around is not checked before sending: expressions of foreign documents run on an engine of linear time, which has none (B63, S26).',
    fits: (reason) => /^pattern .*\(\?<?[=!]/.test(reason),
  },
  {
    name: 'bytes are no object',
    because: 'The document gives a binary media type an object as its schema; what is sent is bytes (OpenAPI 3.0.4, 4.7.14.2).',
    fits: (reason, { sent }) =>
      /^type body: .*must be (object|array)/.test(reason) && /\n(application\/(octet-stream|pdf|zip)|image\/|audio\/|video\/|text\/)/.test(sent ?? ''),
  },
  {
    name: 'empty in a form',
    because: 'An empty object or list has no form in `a=b` pairs: RFC 6570 2.3 calls it undefined, and nothing is sent.',
    fits: (reason, { args, sent }) => {
      const name = /^required (?:body|query)[^:]*:.*'([^']+)'$/.exec(reason)?.[1]
      const isForm = /\n(application\/x-www-form-urlencoded|multipart\/)/.test(sent ?? '') || reason.startsWith('required query')
      return isForm && new RegExp(`"${name}":(\\{\\}|\\[\\])`).test(JSON.stringify(args))
    },
  },
  {
    name: 'dots as a path segment',
    because: 'A path argument of `.` or `..` would be removed from the path by whoever reads it (RFC 3986 5.2.4), so it is refused before sending (S12).',
    fits: (reason, { kind }) => kind === 'not-built' && /which would change the path/.test(reason),
  },
  {
    name: 'RFC 6570 operator in a path',
    because: 'Prism reads `{.format}` by RFC 6570, OpenAPI knows a name between braces and no operators (OpenAPI 3.0.4, 4.7.8.2).',
    fits: (reason, _refusal, operation) => /^required path/.test(reason) && /\{[.;/?&#+*]/.test(operation),
  },
]

/** The disagreement that explains each reason of a refusal; nothing where one reason has none. */
export function explain(refusal: Refusal, operation: string): Disagreement[] | undefined {
  const found = refusal.reasons.map((reason) => DISAGREEMENTS.find(({ fits }) => fits(reason, refusal, operation)))
  return found.includes(undefined) ? undefined : (found as Disagreement[])
}

import { type BodyBinding, type BodyContent, CallFailure } from '@sluice/contract'
import { stringifyJson } from '@sluice/schema'
import { takesList } from './body-kind.ts'
import { charsetOf, formIn, inCharset } from './charset.ts'
import { encodeForm, jsonIn } from './content-text.ts'
import { encodeMultipart } from './encode-multipart.ts'
import { encodeRecords } from './encode-records.ts'
import { encodeXml } from './encode-xml.ts'
import type { EncodedBody } from './encoded-body.ts'
import { isSaidFile } from './file-use.ts'
import type { Arguments } from './given-arguments.ts'
import { isConcrete, typeOfFile } from './media-type.ts'
import { plainText } from './plain-text.ts'
import { readFile } from './read-file.ts'
import { isPlainObject } from './serialize-path.ts'

/**
 * The request body, or nothing where none of its arguments was given and it is optional (B105).
 * @throws CallFailure of kind `arguments`
 */
export function encodeBody(binding: BodyBinding, args: Arguments): EncodedBody | undefined {
  const value = bodyValue(binding, args)
  if (value === undefined) return undefined
  return encodeAs(contentFor(binding, args, value), value)
}

function bodyValue(binding: BodyBinding, args: Arguments): unknown {
  if ('argument' in binding.from)
    return Object.hasOwn(args, binding.from.argument) ? args[binding.from.argument] : undefined
  const present = binding.from.properties.filter(
    ({ argument }) => Object.hasOwn(args, argument) && args[argument] !== undefined,
  )
  if (present.length === 0 && !binding.required) return undefined
  return Object.fromEntries(present.map(({ argument, property }) => [property, args[argument]]))
}

/** @throws CallFailure of kind `arguments` where no media type, or not the chosen one, has all that is given */
function contentFor({ contents, from }: BodyBinding, args: Arguments, value: unknown): BodyContent {
  const wanted = contents.length > 1 ? args.contentType : undefined
  const chosen = contents.find(({ contentType }) => contentType === wanted)
  if (!('properties' in from))
    return chosen ? checkShape(chosen, value) : (contents.find((one) => hasShape(one, value)) ?? contents[0]!)
  const given = from.properties.filter(({ argument }) => args[argument] !== undefined)
  const isWhole = ({ required = [] }: BodyContent) =>
    required.every((name) => given.some(({ property }) => property === name))
  const candidates = chosen ? [chosen] : contents
  const fitting = candidates.filter((content) => unfit(content, contents, given, args).length === 0)
  const content = fitting.find(isWhole) ?? fitting[0]
  if (!content) throw mixed(candidates[0]!, unfit(candidates[0]!, contents, given, args))
  if (!isWhole(content)) throw lacking(content, from.properties, given)
  return content
}

/** Whether a media type can be made of what is given. */
function hasShape({ takes }: BodyContent, value: unknown): boolean {
  return takes === undefined || (takes === 'list') === Array.isArray(value)
}

function checkShape(content: BodyContent, value: unknown): BodyContent {
  if (hasShape(content, value)) return content
  const wanted = content.takes === 'list' ? 'a list' : 'an object'
  throw new CallFailure(
    'arguments',
    `A body of type ${content.contentType} is ${wanted}: give one, or choose another contentType. Nothing was sent.`,
  )
}

type Property = { readonly argument: string; readonly property: string }

/** What is given and a media type has no place for. */
function unfit(
  content: BodyContent,
  contents: readonly BodyContent[],
  given: readonly Property[],
  args: Arguments,
): readonly Property[] {
  const has = ({ properties }: BodyContent, name: string) => !properties || properties.includes(name)
  return given.filter(({ argument, property }) => {
    if (!has(content, property)) return true
    const uses = contents.filter((one) => has(one, property)).map(({ encoding }) => encoding[property]?.file)
    const own = content.encoding[property]?.file
    // A file in one and something else in another: what says that it is a file goes where files do, and nothing else does.
    const isEither = uses.some(Boolean) && !uses.every(Boolean)
    return isEither && own !== 'said' && (own === true) !== isSaid(args[argument])
  })
}

function isSaid(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isSaidFile) : isSaidFile(value)
}

function mixed({ contentType, properties }: BodyContent, others: readonly Property[]): CallFailure {
  const lost = others.filter(({ property }) => properties && !properties.includes(property))
  const names = (lost.length > 0 ? lost : others).map(({ argument }) => argument).join(', ')
  const what = lost.length > 0 ? `has no ${names}` : `takes ${names} otherwise, as a file or as none`
  return new CallFailure(
    'arguments',
    `A body of type ${contentType} ${what}: leave it out, or choose another contentType. Nothing was sent.`,
  )
}

function lacking(
  { contentType, required = [] }: BodyContent,
  all: readonly Property[],
  given: readonly Property[],
): CallFailure {
  const missing = all
    .filter((one) => required.includes(one.property) && !given.includes(one))
    .map(({ argument }) => argument)
  return new CallFailure(
    'arguments',
    `Missing for a body of type ${contentType}: ${missing.join(', ')}. Nothing was sent.`,
  )
}

/** What is written where only a range of types is declared. Bytes say themselves what they are. */
const TYPE_OF_RANGE: Record<BodyContent['kind'], string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
  ndjson: 'application/x-ndjson',
  binary: 'application/octet-stream',
  xml: 'application/xml',
  text: 'text/plain',
}

function encodeAs(content: BodyContent, value: unknown): EncodedBody {
  const { kind } = content
  const contentType = isConcrete(content.contentType) ? content.contentType : TYPE_OF_RANGE[kind]
  switch (kind) {
    case 'json':
      return inCharset(contentType, jsonIn(contentType, stringifyJson(value)))
    case 'form':
      return formIn(contentType, encodeForm(asObject(value, contentType), content.encoding))
    case 'multipart':
      return encodeMultipart(contentType, asParts(value, contentType), content)
    case 'ndjson':
      return inCharset(contentType, typeof value === 'string' ? value : encodeRecords(contentType, value))
    case 'binary': {
      const file = readFile(value, 'body')
      const isRange = contentType !== content.contentType
      return {
        contentType: isRange ? typeOfFile(content.contentType, file.contentType) : contentType,
        data: file.bytes,
      }
    }
    case 'xml':
      return content.xml && typeof value === 'object'
        ? xmlIn(contentType, encodeXml(value, content.xml))
        : inCharset(contentType, plainText(value))
    default:
      return inCharset(contentType, plainText(value))
  }
}

/** A document names the charset that it is in. */
function xmlIn(contentType: string, document: string): EncodedBody {
  const charset = charsetOf(contentType)
  if (charset === undefined) return { contentType, data: document }
  const encoded = inCharset(contentType, document.replace('encoding="UTF-8"', `encoding="${charset}"`))
  return encoded.contentType === contentType ? encoded : inCharset(encoded.contentType, document)
}

function asParts(value: unknown, contentType: string): Record<string, unknown> | readonly unknown[] {
  return Array.isArray(value) && takesList(contentType) ? value : asObject(value, contentType)
}

function asObject(value: unknown, contentType: string): Record<string, unknown> {
  if (isPlainObject(value)) return value
  throw new CallFailure('arguments', `A body of type ${contentType} is made of an object's properties.`)
}

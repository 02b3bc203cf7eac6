import { CallFailure, type Operation, type ParameterBinding, type PreparedOperation } from '@sluice/contract'
import { isExactNumber } from '@sluice/schema'
import { contentText } from './content-text.ts'
import type { Encode } from './delimiters.ts'
import { type Arguments, givenArguments } from './given-arguments.ts'
import { sentTemplate } from './path-template.ts'
import { percentEncode, percentEncodeInSegment } from './percent-encode.ts'
import { plainText } from './plain-text.ts'
import { serializePath } from './serialize-path.ts'

/**
 * The path with its parameters filled in. A value stays inside its segment: everything but unreserved characters is encoded,
 * and what a server or proxy could read as another path (`.`, `..`, an empty segment) is refused (S12, S13).
 */
export function buildPath(operation: Operation, args: Arguments, prepared: PreparedOperation): string {
  const values = new Map<string, string>()
  for (const [binding, value] of givenArguments(prepared.inPath, args))
    values.set(inBraces(binding), fill(operation, binding, value))
  if (values.size < prepared.inPath.length) refuseMissing(prepared.inPath, values)
  const path = prepared.path.map((part, index) => (index % 2 === 1 ? (values.get(part) ?? `{${part}}`) : part)).join('')
  const at = path.indexOf('?')
  const pathname = at < 0 ? path : path.slice(0, at)
  for (const segment of pathname.split('/')) if (isDots(segment)) throw leavesItsPlace(segment)
  if (at < 0) return pathname
  // What is still a template is filled by a query parameter of that name.
  const fixed = path
    .slice(at + 1)
    .split('&')
    .filter((pair) => pair !== '' && !/\{[^{}]+\}/.test(pair))
  return fixed.length > 0 ? `${pathname}?${fixed.join('&')}` : pathname
}

function refuseMissing(bindings: readonly ParameterBinding[], values: ReadonlyMap<string, string>): void {
  const missing = bindings.filter((binding) => !values.has(inBraces(binding)))
  if (missing.length === 0) return
  const told = missing.map(({ argument }) => argument).join(', ')
  throw new CallFailure('arguments', `Missing: ${told}. Nothing was sent.`)
}

function inBraces({ name, template = name }: ParameterBinding): string {
  return template
}

/**
 * Whether a path still has the shape that this operation's path had before: as many segments, each as it was but for those
 * that hold a parameter, which may hold another value in the characters of RFC 3986 3.3.
 */
export function keepsPathShape(operation: Operation, before: string, after: string): boolean {
  const [was, is] = [before.split('/'), after.split('/')]
  // What stands between braces may hold any character.
  const bare = sentTemplate(operation.path).replaceAll(/\{[^{}]+\}/g, '{}')
  const template = bare.split('?', 1)[0]!.split('/')
  return (
    was.length === is.length &&
    is.every((segment, index) => {
      if (segment === was[index]) return true
      const isParameter = template[index - was.length + template.length]?.includes('{') ?? false
      return (
        isParameter &&
        /^[\w.~!$&'()*+,;=:@%-]+$/.test(segment) &&
        !/%(?![0-9a-f]{2})|%2f|%5c/i.test(segment) &&
        !isDots(segment)
      )
    })
  )
}

function fill(operation: Operation, binding: ParameterBinding, value: unknown): string {
  const text = binding.contentType
    ? encodeSegment(contentText(binding.argument, binding.contentType, value, binding))
    : serializePath(binding, value, segmentEncoder(operation, binding, value), operation.declaredVersion)
  if (isEmpty(value))
    throw new CallFailure('arguments', `${binding.argument} may not be empty: it is part of the path.`)
  if (text.includes('%00')) throw new CallFailure('arguments', `${binding.argument} may not hold a NUL character.`)
  return text
}

function isEmpty(value: unknown): boolean {
  if (value === '') return true
  if (Array.isArray(value)) return value.length === 0 || value.every((item) => item === '')
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/**
 * How a value of a path parameter is encoded. `allowReserved` is for plain values in a segment: the items of a list would run into
 * each other, and in a query `&` would begin another pair (S13, S14).
 */
export function segmentEncoder({ path }: Operation, binding: ParameterBinding, value: unknown): Encode {
  const { style, allowReserved } = binding
  if (!allowReserved) return encodeSegment
  const isPlain = typeof value !== 'object' || value === null || isExactNumber(value)
  const isInQuery = path
    .split('?')
    .slice(1)
    .join('?')
    .includes(`{${inBraces(binding)}}`)
  if (!isPlain || isInQuery) return encodeSegment
  // A semicolon would begin another pair of a matrix.
  const kept = style === 'matrix' ? ":@!$&'()*+" : undefined
  return (item) => percentEncodeInSegment(plainText(item), kept)
}

function encodeSegment(value: unknown): string {
  return percentEncode(plainText(value))
}

/**
 * A dot is unreserved, so encoding leaves it; RFC 3986 5.2.4 removes such segments, and URL parsers do so when encoded too.
 * Some servers take away what follows a semicolon first (RFC 3986 3.3 lets a segment have parameters).
 */
export function isDots(segment: string): boolean {
  return /^(\.|%2e){1,2}(;|%3b|$)/i.test(segment)
}

function leavesItsPlace(segment: string): CallFailure {
  return new CallFailure(
    'arguments',
    `A path argument makes the segment "${segment}", which would change the path. Nothing was sent.`,
  )
}

import type { Operation, ParameterBinding } from '@sluice/contract'
import { stringifyJson } from '@sluice/schema'
import { kindOf } from './body-kind.ts'
import { type Arguments, givenArguments } from './given-arguments.ts'
import { percentEncode, percentEncodeName, percentEncodeReserved } from './percent-encode.ts'
import { plainText } from './plain-text.ts'
import { isPlainObject } from './serialize-path.ts'

/** The query without its question mark; empty where no argument makes one. */
export function buildQuery(operation: Operation, args: Arguments): string {
  const whole = operation.parameters.find((binding) => binding.in === 'querystring')
  const value = whole && Object.hasOwn(args, whole.argument) ? args[whole.argument] : undefined
  const parts = givenArguments(operation, args, 'query').flatMap(([binding, item]) => serializeQuery(binding, item))
  if (whole && value !== undefined && value !== null) parts.push(wholeQuery(value, whole.contentType))
  return parts.filter(Boolean).join('&')
}

/** OpenAPI 3.2 4.12.5: the whole query is the content in its media type, percent-encoded; only a form is pairs already. */
function wholeQuery(value: unknown, contentType: string): string {
  if (isJson(contentType)) return percentEncode(stringifyJson(value))
  if (kindOf(contentType) !== 'form' || !isPlainObject(value)) return encodeQuery(value)
  return Object.entries(value)
    .flatMap(([key, item]) =>
      (Array.isArray(item) ? item : [item]).map((one) => `${percentEncodeName(key)}=${encodeQuery(one)}`),
    )
    .join('&')
}

/** One query parameter as `name=value` pairs, by style. An empty list or object is left out (B92). */
export function serializeQuery(binding: ParameterBinding, value: unknown): string[] {
  const name = percentEncodeName(binding.name)
  const encode = binding.allowReserved ? encodeAllowingReserved : encodeQuery
  if (binding.contentType) return [`${name}=${encode(isJson(binding.contentType) ? JSON.stringify(value) : value)}`]
  if (Array.isArray(value)) return list(binding, name, value, encode)
  if (isPlainObject(value)) return object(binding, name, value, encode)
  return [`${name}=${encode(value)}`]
}

/** Whether a parameter with `content` is written as JSON. */
export function isJson(contentType: string): boolean {
  return /[/+]json\b/i.test(contentType)
}

function list(binding: ParameterBinding, name: string, value: unknown[], encode: (value: unknown) => string): string[] {
  if (value.length === 0) return []
  if (binding.style === 'deepObject') return nested(name, value, encode)
  if (binding.explode) return value.map((item) => `${name}=${encode(item)}`)
  return [`${name}=${value.map(encode).join(SEPARATORS[binding.style] ?? ',')}`]
}

// The delimiter itself is encoded where RFC 3986 does not let it stand bare (B86).
const SEPARATORS: Partial<Record<ParameterBinding['style'], string>> = {
  spaceDelimited: '%20',
  pipeDelimited: '%7C',
  tabDelimited: '%09',
}

function object(
  binding: ParameterBinding,
  name: string,
  value: Record<string, unknown>,
  encode: (value: unknown) => string,
): string[] {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined && item !== null)
  if (entries.length === 0) return []
  if (binding.style === 'deepObject')
    return entries.flatMap(([key, item]) => nested(`${name}[${percentEncodeName(key)}]`, item, encode))
  if (binding.style === 'form' && binding.explode) {
    return entries.flatMap(([key, item]) =>
      (Array.isArray(item) ? item : [item]).map((one) => `${percentEncodeName(key)}=${encode(one)}`),
    )
  }
  const separator = SEPARATORS[binding.style] ?? ','
  return [`${name}=${entries.map(([key, item]) => `${encode(key)}${separator}${encode(item)}`).join(separator)}`]
}

/**
 * deepObject beyond one level, which OpenAPI leaves open: `f[a][b]=1`; a list of plain values repeats `f[a][]`, as PHP, Rails
 * and qs read it; a list of objects is numbered, since its members must stay together (B88).
 */
function nested(prefix: string, value: unknown, encode: (value: unknown) => string): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const isPlain = typeof item !== 'object' || item === null || (!Array.isArray(item) && !isPlainObject(item))
      return nested(`${prefix}[${isPlain ? '' : index}]`, item, encode)
    })
  }
  if (isPlainObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => nested(`${prefix}[${percentEncodeName(key)}]`, item, encode))
  }
  return value === undefined || value === null ? [] : [`${prefix}=${encode(value)}`]
}

function encodeQuery(value: unknown): string {
  return percentEncode(plainText(value))
}

function encodeAllowingReserved(value: unknown): string {
  return percentEncodeReserved(plainText(value))
}

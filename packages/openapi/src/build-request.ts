import {
  CallFailure,
  type HttpRequest,
  isPlainCookieValue,
  type Operation,
  type ParameterBinding,
  type PreparedOperation,
} from '@sluice/contract'
import { kindOf } from './body-kind.ts'
import { buildPath } from './build-path.ts'
import { buildQuery } from './build-query.ts'
import { asciiJson, contentText } from './content-text.ts'
import { encodeBody } from './encode-body.ts'
import { type Arguments, givenArguments } from './given-arguments.ts'
import { isToken } from './is-token.ts'
import { percentEncode, percentEncodeInCookie } from './percent-encode.ts'
import { plainText } from './plain-text.ts'
import { prepareOperation } from './prepare-operation.ts'
import { refuseBorrowedNames } from './refuse-borrowed-names.ts'
import { serializeList, serializeSimple } from './serialize-path.ts'

/**
 * Puts every argument where its binding says, exactly as OpenAPI and RFC 3986 have it. Nothing undeclared is sent, and no
 * value can leave its place: not a path segment, not a query parameter, not a header.
 * `prepared` is what `prepareOperation` makes of the operation, where it is at hand.
 * @throws CallFailure of kind `arguments`
 */
export function buildRequest(
  operation: Operation,
  args: Arguments,
  baseUrl: string,
  prepared = prepareOperation(operation),
): HttpRequest {
  const path = buildPath(operation, args, prepared)
  const query = buildQuery(operation, args, prepared)
  const body = operation.body ? encodeBody(operation.body, args) : undefined
  const cookies = cookieHeader(operation, args, prepared)
  const [pathname, fixedQuery] = splitOnce(path, '?')
  const search = [fixedQuery, query].filter(Boolean).join('&')
  return {
    method: operation.method,
    url: `${operation.baseUrl ?? baseUrl}${pathname}${search ? `?${search}` : ''}`,
    headers: [
      ...prepared.headers,
      ...headers(prepared, args),
      ...(cookies ? [['cookie', cookies] as const] : []),
      ...(body ? [['content-type', body.contentType] as const] : []),
    ],
    ...(body ? { body: body.data } : {}),
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function headers({ inHeaders }: PreparedOperation, args: Arguments): Array<readonly [string, string]> {
  return givenArguments(inHeaders, args).map(([binding, value]) => {
    const text = binding.contentType
      ? headerContent(binding, binding.contentType, value)
      : serializeList(binding, value, plainText)
    return [binding.name, checkHeader(binding, text)] as const
  })
}

function headerContent(binding: ParameterBinding, contentType: string, value: unknown): string {
  const text = contentText(binding.argument, contentType, value, binding)
  return kindOf(contentType) === 'json' ? asciiJson(text) : text
}

/** RFC 9110 5.5: a field value is visible text, spaces and tabs. What is not latin-1 has no agreed form. */
function checkHeader(binding: ParameterBinding, text: string): string {
  if (/[\u0000-\u0008\u000A-\u001F\u007F]/.test(text)) {
    throw new CallFailure(
      'arguments',
      `${binding.argument} becomes the header ${binding.name}, which cannot hold line breaks or control characters.`,
    )
  }
  if (/[^\u0000-\u00FF]/.test(text)) {
    throw new CallFailure(
      'arguments',
      `${binding.argument} becomes the header ${binding.name}, which can hold latin-1 characters only.`,
    )
  }
  return text
}

function cookieHeader(operation: Operation, args: Arguments, { inCookies }: PreparedOperation): string {
  refuseBorrowedNames(operation, args, 'cookie')
  return givenArguments(inCookies, args)
    .flatMap(([binding, value]) => cookiePairs(binding, value))
    .join('; ')
}

function cookiePairs(binding: ParameterBinding, value: unknown): string[] {
  const encode = (item: unknown) => cookieText(binding, plainText(item))
  if (binding.contentType)
    return [`${binding.name}=${encode(contentText(binding.argument, binding.contentType, value, binding))}`]
  if (typeof value !== 'object' || value === null) return [`${binding.name}=${encode(value)}`]
  const isExploded = binding.explode && binding.style === 'cookie'
  if (isExploded && Array.isArray(value)) return value.map((item) => `${binding.name}=${encode(item)}`)
  if (isExploded) return Object.entries(value).map(([key, item]) => `${checkCookieName(binding, key)}=${encode(item)}`)
  return [`${binding.name}=${serializeSimple(value, false, encode)}`]
}

/** Style `cookie` writes a value as it is (OpenAPI 3.2 4.12.2.2). */
function cookieText(binding: ParameterBinding, text: string): string {
  if (binding.style === 'cookie') return checkCookie(binding, text)
  return binding.allowReserved ? percentEncodeInCookie(text) : percentEncode(text)
}

/** RFC 6265 4.1.1: a cookie's name is a token. Any other could begin a cookie that nobody declared (S17). */
function checkCookieName(binding: ParameterBinding, name: string): string {
  if (isToken(name)) return name
  throw new CallFailure(
    'arguments',
    `${JSON.stringify(name)} of ${binding.argument} cannot be the name of a cookie. Nothing was sent.`,
  )
}

/** RFC 6265 4.1.1: a cookie's value ends at a semicolon. */
function checkCookie(binding: ParameterBinding, text: string): string {
  if (!isPlainCookieValue(text)) {
    throw new CallFailure(
      'arguments',
      `${binding.argument} becomes a cookie, which cannot begin or end with spaces or hold line breaks, quotes, commas, semicolons or backslashes.`,
    )
  }
  return text
}

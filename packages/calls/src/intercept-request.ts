import {
  type Call,
  CallFailure,
  type HeaderList,
  type HttpRequest,
  headerValue,
  isReservedHeader,
} from '@sluice/contract'
import { keepsPathShape, percentEncode } from '@sluice/openapi'
import { isObject, parseJson, stringifyJson } from '@sluice/schema'
import type { FixedArguments } from './fixed-arguments.ts'
import { type InterceptDeps, type Interceptor, interceptorsOf, runInterceptors } from './intercept.ts'

/**
 * The request after the interceptors of the upstream and of the tool. They see no secret, which stand as placeholders; what
 * they leave as it is stays so to the byte. Neither where the request goes nor the shape of its path may change.
 * @throws CallFailure of kind `interceptor`
 */
export function interceptRequest(
  request: HttpRequest,
  call: Call,
  fixed: FixedArguments,
  deps: InterceptDeps,
): HttpRequest | Promise<HttpRequest> {
  const interceptors = interceptorsOf(call, 'request')
  return interceptors.length === 0 ? request : intercepted(request, interceptors, call, fixed, deps)
}

async function intercepted(
  request: HttpRequest,
  interceptors: readonly Interceptor[],
  call: Call,
  fixed: FixedArguments,
  deps: InterceptDeps,
): Promise<HttpRequest> {
  const shown = showRequest(request)
  const before = stringifyJson(shown)
  const after = await runInterceptors(interceptors, before, call, fixed, deps)
  if (after === before) return request
  return rebuild(request, shown, parseJson(after), call)
}

interface Shown {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
}

function showRequest({ method, url, headers, body }: HttpRequest): Shown {
  const { pathname, searchParams } = new URL(url)
  return {
    method,
    path: pathname,
    query: byName([...searchParams]),
    headers: byName(headers.filter(isShown).map(([name, value]) => [name.toLowerCase(), value])),
    body: showBody(body, headers),
  }
}

/** Cookies are arguments of their own. */
function isShown([name]: HeaderList[number]): boolean {
  return name.toLowerCase() !== 'cookie'
}

/** One value for each name, a list where it stands several times. */
function byName(pairs: ReadonlyArray<readonly [string, string]>): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of pairs) values[name] = name in values ? [values[name]!, value].flat() : value
  return values
}

/** JSON as its value, other texts as they are, bytes not at all. */
function showBody(body: HttpRequest['body'], headers: HeaderList): unknown {
  if (typeof body !== 'string') return null
  if (!isJson(headers)) return body
  try {
    return parseJson(body)
  } catch {
    return body
  }
}

function isJson(headers: HeaderList): boolean {
  return /[/+]json\b/i.test(headerValue(headers, 'content-type') ?? '')
}

function rebuild(request: HttpRequest, shown: Shown, made: unknown, call: Call): HttpRequest {
  const refuse = (what: string) =>
    new CallFailure('interceptor', `A request interceptor of the tool "${call.tool.name}" ${what} Nothing was sent.`)
  if (!isObject(made)) throw refuse('returned no request.')
  const { method, path, query, headers, body } = made
  if (method !== shown.method) throw refuse('changed the method, which is not allowed.')
  if (typeof path !== 'string' || !keepsPathShape(call.tool.operation, new URL(request.url).pathname, path))
    throw refuse('changed the shape of the path, which is not allowed.')
  const isSame = (one: unknown, other: unknown) => stringifyJson(one) === stringifyJson(other)
  const changedHeaders = isSame(headers, shown.headers) ? request.headers : headersOf(headers, refuse)
  const changedBody = isSame(body, shown.body) ? request.body : bodyOf(body, changedHeaders)
  const { body: _body, ...rest } = request
  return {
    ...rest,
    url: urlOf(request.url, path, isSame(query, shown.query) ? undefined : pairsOf(query, refuse)),
    headers: [...changedHeaders.filter(isShown), ...request.headers.filter((header) => !isShown(header))],
    ...(changedBody === undefined ? {} : { body: changedBody }),
  }
}

function urlOf(url: string, path: string, query: ReadonlyArray<readonly [string, string]> | undefined): string {
  const { origin, pathname } = new URL(url)
  const place = path === pathname ? url.split('?', 1)[0]! : `${origin}${path}`
  const search = query?.map((pair) => pair.map(percentEncode).join('=')).join('&') ?? url.split('?').slice(1).join('?')
  return search === '' ? place : `${place}?${search}`
}

function headersOf(headers: unknown, refuse: (what: string) => CallFailure): HeaderList {
  const pairs = pairsOf(headers, refuse)
  const wrong = pairs.find(
    ([name, value]) =>
      isReservedHeader(name) || !/^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name) || /[^\t\x20-\x7E\x80-\xFF]/.test(value),
  )
  if (wrong) throw refuse(`set the header ${JSON.stringify(wrong[0].slice(0, 60))}, which cannot be sent.`)
  return pairs
}

function pairsOf(values: unknown, refuse: (what: string) => CallFailure): Array<[string, string]> {
  if (!isObject(values)) throw refuse('returned a query or headers that are no object.')
  return Object.entries(values).flatMap(([name, value]) =>
    [value]
      .flat()
      .filter((one) => one !== null)
      .map((one): [string, string] => {
        if (typeof one === 'object' && !('rawJSON' in (one as object)))
          throw refuse(`gave ${JSON.stringify(name.slice(0, 60))} a value that is no text.`)
        return [name, typeof one === 'string' ? one : stringifyJson(one)]
      }),
  )
}

function bodyOf(body: unknown, headers: HeaderList): string | undefined {
  if (body === null || body === undefined) return undefined
  return typeof body === 'string' && !isJson(headers) ? body : stringifyJson(body)
}

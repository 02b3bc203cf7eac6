import { type HeaderList, type HttpResponse, headerValue } from '@sluice/contract'
import type { KeptAnswer } from './response-cache.ts'

/**
 * Milliseconds for which an answer may be used without asking again as the API has it: for ever where it says nothing.
 * Undefined where it must not be kept, or would be of no use.
 */
export function freshMsOf(response: HttpResponse): number | undefined {
  const { status, headers, isPart = false } = response
  if (!KEPT.has(status) || isPart) return undefined
  const directives = directivesOf(headers)
  if (directives.some(([name]) => name === 'no-store')) return undefined
  // What sets a cookie was meant for one time (S60).
  if (headers.some(([name]) => name.toLowerCase() === 'set-cookie')) return undefined
  // RFC 9111 4.1. All other headers that an answer can vary by are in the key.
  if (valuesOf(headers, 'vary').some((value) => value.includes('*'))) return undefined
  const freshMs = lifetimeMs(headers, directives) - ageMs(headers)
  return freshMs > 0 || conditionsOf(headers).length > 0 ? freshMs : undefined
}

// Whole and final answers: no part of one (206), nothing that is still being done (202), no failure, no redirect.
const KEPT: ReadonlySet<number> = new Set([200, 203, 204])

/** What asks the API whether an answer is still right (RFC 9111 4.3.1); empty where there is nothing to ask by. */
export function conditionsOf(headers: HeaderList): Array<[string, string]> {
  const conditions: Array<[string, string | undefined]> = [
    ['if-none-match', headerValue(headers, 'etag')],
    ['if-modified-since', headerValue(headers, 'last-modified')],
  ]
  return conditions.filter((one): one is [string, string] => /^[\x20-\x7E]{1,1000}$/.test(one[1] ?? ''))
}

/**
 * A kept answer after a 304: with the headers that came with it, but those of a body it does not have (RFC 9111 3.2).
 * Undefined where it speaks of another one (4.3.4).
 */
export function renewed({ response }: KeptAnswer, { headers }: HttpResponse): HttpResponse | undefined {
  const [before, after] = [headerValue(response.headers, 'etag'), headerValue(headers, 'etag')]
  if (after !== undefined && weakly(after) !== weakly(before ?? after)) return undefined
  const news = headers.filter(([name]) => !/^(content-.*|transfer-encoding|connection|keep-alive)$/i.test(name))
  const replaced = new Set(['age', ...news.map(([name]) => name.toLowerCase())])
  return { ...response, headers: [...response.headers.filter(([name]) => !replaced.has(name.toLowerCase())), ...news] }
}

/** RFC 9110 8.8.3.2 */
function weakly(etag: string): string {
  return etag.replace(/^W\//, '')
}

type Directive = readonly [name: string, value: string]

/** RFC 9111 5.2. Where one is said twice both count: a caller takes the stricter. */
function directivesOf(headers: HeaderList): Directive[] {
  const text = valuesOf(headers, 'cache-control').join(',')
  const found = text.matchAll(/([^\s,;="]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;]*)))?/g)
  return [...found].map(([, name, quoted, plain]) => [name!.toLowerCase(), quoted ?? plain ?? ''])
}

function lifetimeMs(headers: HeaderList, directives: readonly Directive[]): number {
  if (directives.some(([name]) => name === 'no-cache')) return 0
  // Callers share what is kept, so a word for shared caches counts too, where it is the shorter one.
  const ages = directives.filter(([name]) => name === 'max-age' || name === 's-maxage')
  if (ages.length > 0) return Math.min(...ages.map(([, value]) => secondsMs(value)))
  const expires = headerValue(headers, 'expires')
  if (expires === undefined) return Number.POSITIVE_INFINITY
  // RFC 9111 5.3: what is no date, 0 in particular, is over.
  const until = Date.parse(expires)
  const date = Date.parse(headerValue(headers, 'date') ?? '')
  return Number.isNaN(until) || /^\d*$/.test(expires) ? 0 : until - (Number.isNaN(date) ? Date.now() : date)
}

function ageMs(headers: HeaderList): number {
  return secondsMs(headerValue(headers, 'age') ?? '')
}

/** What is no number is taken for none (RFC 9111 4.2.1). */
function secondsMs(value: string): number {
  return /^\d+$/.test(value.trim()) ? Number(value) * 1000 : 0
}

function valuesOf(headers: HeaderList, name: string): string[] {
  return headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
}

import {
  CallFailure,
  type HeaderList,
  type HttpResponse,
  headerValue,
  LIMITS,
  Problem,
  type Send,
} from '@sluice/contract'

const MOST_MS = 30_000

/**
 * Fetches a document through the guarded door. Redirects are followed on the same origin only, each vetted again (S7).
 * @throws Problem `fetch-failed`, `address-blocked` or `too-large`
 */
export async function fetchSpec(
  url: string,
  allow: readonly string[],
  send: Send,
  headers: HeaderList = [],
  maxBytes: number = LIMITS.specBytes,
): Promise<Uint8Array> {
  return (await follow(url, allow, send, headers, maxBytes)).body
}

/**
 * The document with what tells its version, or nothing where it is still that one (RFC 9110 13.1.2, 13.1.3): an entity tag,
 * else the date of its last change. @throws as `fetchSpec`
 */
export async function fetchIfChanged(
  url: string,
  validator: string | null,
  allow: readonly string[],
  send: Send,
  headers: HeaderList,
): Promise<{ readonly bytes: Uint8Array; readonly validator: string | null } | undefined> {
  const conditions: HeaderList = validator === null ? [] : [[conditionOf(validator), validator]]
  const response = await follow(url, allow, send, [...headers, ...conditions])
  if (response.status === 304) return undefined
  const told = headerValue(response.headers, 'etag') ?? headerValue(response.headers, 'last-modified')
  return { bytes: response.body, validator: told ?? null }
}

/** A date is never in quotes, an entity tag always (RFC 9110 8.8.3). */
function conditionOf(validator: string): string {
  return /^(W\/)?"/.test(validator) ? 'if-none-match' : 'if-modified-since'
}

async function follow(
  url: string,
  allow: readonly string[],
  send: Send,
  more: HeaderList,
  maxBytes: number = LIMITS.specBytes,
): Promise<HttpResponse> {
  const deadline = Date.now() + MOST_MS
  let current = url
  for (let hops = 0; hops <= LIMITS.redirects; hops++) {
    const headers = [...FETCH_HEADERS, ...more]
    const request = { method: 'GET', url: current, headers }
    const response = await send(request, { allow, deadline, maxBytes }).catch(toProblem(current))
    if (response.status >= 200 && response.status < 300) return response
    if (response.status === 304 && isConditional(more)) return response
    const location = headerValue(response.headers, 'location')
    if (response.status < 300 || response.status >= 400 || !location)
      throw failed(`${withoutQuery(current)} answered ${response.status}.`)
    current = sameOrigin(current, location)
  }
  throw failed(`${withoutQuery(url)} redirects more than ${LIMITS.redirects} times.`)
}

function isConditional(headers: HeaderList): boolean {
  return ['if-none-match', 'if-modified-since'].some((name) => headerValue(headers, name) !== undefined)
}

const FETCH_HEADERS = [
  ['accept', 'application/json, application/yaml, */*;q=0.5'],
  ['user-agent', 'Sluice'],
] as const

function sameOrigin(from: string, location: string): string {
  if (!URL.canParse(location, from)) throw failed(`${withoutQuery(from)} redirects to what is no URL.`)
  const next = new URL(location, from)
  if (next.origin !== new URL(from).origin)
    throw failed(
      `${withoutQuery(from)} redirects to ${withoutQuery(next.href)}, another origin, which is not followed.`,
      `Give ${withoutQuery(next.href)} itself if you trust it.`,
    )
  return next.href
}

function toProblem(url: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof CallFailure)) throw error
    if (error.kind === 'blocked')
      throw new Problem('address-blocked', {
        detail: error.message,
        errors: [{ pointer: '/url', detail: error.message }],
        cause: error,
      })
    if (error.kind === 'too-large')
      throw new Problem('too-large', { detail: `${withoutQuery(url)}: ${error.message}`, cause: error })
    throw failed(`${withoutQuery(url)}: ${error.message}`, undefined, error)
  }
}

/** A URL as it may be shown and stored: a query may hold a token. */
export function withoutQuery(url: string): string {
  return url.split(/[?#]/, 1)[0]!
}

function failed(
  detail: string,
  fix = 'Check the URL, or send the text of the document itself.',
  cause?: unknown,
): Problem {
  return new Problem('fetch-failed', { detail, errors: [{ pointer: '/url', detail, fix }], cause })
}

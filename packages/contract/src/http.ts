import type { CancelSignal } from './cancel.ts'
/** Name and value in the order they are sent; names may repeat. */
export type HeaderList = ReadonlyArray<readonly [name: string, value: string]>

/** A request to an upstream, ready for the wire. `url` is absolute and already encoded. */
export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly body?: string | Uint8Array
}

/** An upstream's answer. Header names are lower-case; `body` is decoded (gzip, br, deflate, zstd), at most `SendLimits.maxBytes`. */
export interface HttpResponse {
  readonly status: number
  readonly headers: HeaderList
  readonly body: Uint8Array
  /** It was a stream that did not end, or was too long, and was closed here. */
  readonly isPart?: boolean
}

/** What one request may take. */
export interface SendLimits {
  /** Hosts, `host:port` or CIDR ranges that may be called although they are private. Metadata addresses never. */
  readonly allow: readonly string[]
  /** Whom it is sent for: turns, repeats and what is known of an origin that fails are each workspace's own. */
  readonly workspaceId?: string
  /** Milliseconds of `Date.now()` at which the request is given up. */
  readonly deadline: number
  /** Bytes of the decoded body. */
  readonly maxBytes: number
  /** It may be sent again where nobody knows what became of it: the method is idempotent, or that is declared. */
  readonly repeatable?: boolean
  /** Redirects to the same origin that are followed; none if absent. */
  readonly redirects?: number
  readonly signal?: CancelSignal
  /** Told while a stream arrives: how many of its records have, lines of JSON or events. */
  readonly onRecords?: (received: number) => void
  /** Told when it is sent once more. */
  readonly onRepeat?: () => void
}

/** @throws CallFailure of kind `blocked`, `timeout`, `upstream`, `too-large` or `cancelled`. */
export type Send = (request: HttpRequest, limits: SendLimits) => Promise<HttpResponse>

/**
 * Whether a header belongs to the connection or to who is on it: hop-by-hop (RFC 9110 7.6.1), framing and identity (S16). No
 * argument and no credential may be one.
 */
export function isReservedHeader(name: string): boolean {
  return RESERVED_HEADERS.test(name)
}

const RESERVED_HEADERS =
  /^(host|cookie|content-length|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|forwarded|via|x-forwarded-.*|x-real-ip|proxy-.*)$/i

/** Whether a cookie can have a value: another could end it and begin one that nobody declared (RFC 6265 4.1.1, S17). */
export function isCookieValue(text: string): boolean {
  return /^[\u0021\u0023-\u002B\u002D-\u003A\u003C-\u005B\u005D-\u007E]*$/.test(text)
}

/** The same of style `cookie`, which writes a value as it is: a space within it ends nothing (OpenAPI 3.2 4.12.6). */
export function isPlainCookieValue(text: string): boolean {
  return text === text.trim() && isCookieValue(text.replaceAll(' ', ''))
}

/**
 * Whether a header of a client's request may be passed on to an API: none that says who the client is, what it speaks, or how
 * its own request was sent (S44).
 */
export function mayForward(name: string): boolean {
  return !isReservedHeader(name) && !NOT_FORWARDED.test(name)
}

const NOT_FORWARDED =
  /^(authorization|mcp-.*|x-mcp-.*|accept|accept-encoding|accept-charset|content-.*|origin|referer|user-agent|sec-.*|date|set-cookie)$/i

/** The first value of a header. `name` is lower-case. */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1]
}

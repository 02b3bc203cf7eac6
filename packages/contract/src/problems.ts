/**
 * Every problem the admin API and the MCP endpoint can answer, in one table. The code is stable: programs may depend on it.
 * `title` is the same for every occurrence (RFC 9457 3.1.3); what happened this time goes into `detail`. `advice` is what the
 * page of problems says besides, in Markdown.
 */
export const PROBLEMS = {
  'invalid-request': {
    status: 400,
    title: 'The request is not as the schema says',
    advice:
      'Each of `errors` names the place by a JSON pointer, says what is wrong there, and often how to mend it. `/api/v1/reference` shows what the route takes.',
  },
  'invalid-json': {
    status: 400,
    title: 'The body is not JSON',
    advice:
      'Send JSON with `content-type: application/json`. A number, a quote or a comma is wrong where `detail` says.',
  },
  unauthorized: {
    status: 401,
    title: 'A valid key is needed',
    advice:
      'Send `Authorization: Bearer` with an admin key (`/api`), an access key or a token of an issuer (`/mcp`). A key that was revoked or has expired opens nothing.',
  },
  'role-required': {
    status: 403,
    title: 'Your key may not do this',
    advice: 'Ask somebody with that role to do it, or to make you a key that has it: `sluice admin-key create --role`.',
  },
  'insufficient-scope': {
    status: 403,
    title: 'The access token does not allow this',
    advice:
      'Get a token with the scopes that `WWW-Authenticate` names, or have the rules of the issuer changed: `sluice issuer edit`.',
  },
  'host-not-allowed': {
    status: 403,
    title: 'The Host or Origin header names a host that is not served here',
    advice:
      'Set `PUBLIC_URL` to the URL that clients use, or add the host to `ALLOWED_HOSTS`. A proxy must pass the `Host` header on.',
  },
  'not-found': {
    status: 404,
    title: 'There is no such thing here',
    advice:
      'Check the name; list what there is. What another workspace has, or your key does not open, is not there for you either.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The method is not served here',
    advice: 'Use one of the methods that the header `Allow` names.',
  },
  conflict: {
    status: 409,
    title: 'The request does not fit what is stored',
    advice:
      '`detail` says what stands in the way: a name that is taken, something that is still used, or an import that another has overtaken. Change that, or read again and repeat.',
  },
  'precondition-failed': {
    status: 412,
    title: 'It is not as it was when you read it',
    advice:
      'Read it again, look at what somebody else changed, and send your change with the new `ETag` in `If-Match`.',
  },
  'too-large': {
    status: 413,
    title: 'The body is too large',
    advice: '`detail` names the limit. A document may have 64 MB; other bodies less.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The media type is not read here',
    advice: 'Send the media type that the route takes: JSON, or `multipart/form-data` with a file for imports.',
  },
  'too-many-streams': {
    status: 429,
    title: 'As many streams are open as may be',
    advice: 'End streams that nobody reads, such as a `sluice logs --follow` that was left running.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
    advice: 'Use a new key for each new request; the same one only to send the very same request again.',
  },
  'spec-unreadable': {
    status: 422,
    title: 'The document could not be read',
    advice: '`errors` gives line and column. `sluice check` says the same without a gateway.',
  },
  'spec-version': {
    status: 422,
    title: 'The document is of no OpenAPI version that is read here',
    advice:
      'Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are read. Look whether it is the document at all, and not the page that shows it.',
  },
  'overlay-invalid': {
    status: 422,
    title: 'The overlay cannot be applied',
    advice: 'Correct the action that `errors` points to; an empty file takes an overlay away.',
  },
  'base-url-needed': {
    status: 422,
    title: 'The base URL of the API is not known',
    advice: 'The document has no absolute server URL: import with `--base-url`.',
  },
  'base-url-invalid': {
    status: 422,
    title: 'The base URL cannot be used',
    advice: 'Give an absolute `http` or `https` URL without a query, a fragment or a password.',
  },
  'credential-mismatch': {
    status: 422,
    title: 'The credential fits no security scheme of the document',
    advice:
      '`detail` names the security schemes that there are. A scheme that no document declares needs a place: [use credentials](../how-to/use-credentials.md).',
  },
  'fetch-failed': {
    status: 422,
    title: 'The document could not be fetched',
    advice:
      '`detail` says what came instead of the document. Fetch it yourself and import the file, or give the headers that it wants: `--fetch-headers`.',
  },
  'address-blocked': {
    status: 422,
    title: 'The address may not be called',
    advice:
      'Private addresses must be allowed by an owner: `--allow` with the import, `sluice upstreams allow` later, `EGRESS_ALLOW` for all. Metadata addresses are never called.',
  },
  'database-unavailable': {
    status: 503,
    title: 'The database does not answer',
    advice:
      'Look at the database; nothing was changed. The line of the request in the gateway’s log says why, as `reason`. Calls go on from memory for `CATALOG_MAX_STALE_MS`.',
  },
  'issuer-unavailable': {
    status: 503,
    title: 'The keys of the token’s issuer cannot be read',
    advice:
      'Look whether the gateway reaches the issuer’s `jwks_uri`: `sluice issuer show` names it. It is tried again by itself.',
  },
  'shutting-down': {
    status: 503,
    title: 'The gateway is stopping',
    advice: 'Send it again: another gateway, or this one when it has started, takes it.',
  },
  internal: {
    status: 500,
    title: 'Something broke inside Sluice',
    advice:
      'It is a fault of Sluice, and its cause is in the log of the gateway under `requestId`. Please report it with that line.',
  },
} as const satisfies Record<string, { status: number; title: string; advice: string }>

export type ProblemCode = keyof typeof PROBLEMS

/** One fault inside a request. `pointer` is a JSON pointer (RFC 6901) into the body, or names a query parameter. */
export interface ProblemError {
  pointer?: string
  detail: string
  fix?: string
}

/** A request that cannot be served. `detail` and `errors` are public; `cause` is for the log alone. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly detail: string
  readonly errors: readonly ProblemError[]

  constructor(code: ProblemCode, options: { detail: string; errors?: readonly ProblemError[]; cause?: unknown }) {
    super(options.detail, { cause: options.cause })
    this.name = 'Problem'
    this.code = code
    this.detail = options.detail
    this.errors = options.errors ?? []
  }
}

/** A Problem as it goes over the wire: `application/problem+json`, RFC 9457. */
export interface ProblemDocument {
  type: string
  title: string
  status: number
  code: ProblemCode
  detail: string
  errors?: readonly ProblemError[]
  requestId?: string
}

/** The wire form of a problem. */
export function problemDocument(problem: Problem, requestId?: string): ProblemDocument {
  const { status, title } = PROBLEMS[problem.code]
  return {
    type: `urn:sluice:problem:${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: problem.detail,
    ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
    ...(requestId ? { requestId } : {}),
  }
}

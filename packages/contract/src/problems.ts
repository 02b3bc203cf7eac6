/**
 * Every problem the admin API and the MCP endpoint can answer, in one table. The code is stable: programs may depend on it.
 * `title` is the same for every occurrence (RFC 9457 3.1.3); what happened this time goes into `detail`.
 */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not as the schema says' },
  'invalid-json': { status: 400, title: 'The body is not JSON' },
  unauthorized: { status: 401, title: 'A valid key is needed' },
  'role-required': { status: 403, title: 'Your key may not do this' },
  'insufficient-scope': { status: 403, title: 'The access token does not allow this' },
  'host-not-allowed': { status: 403, title: 'The Host or Origin header names a host that is not served here' },
  'not-found': { status: 404, title: 'There is no such thing here' },
  'method-not-allowed': { status: 405, title: 'The method is not served here' },
  conflict: { status: 409, title: 'The request does not fit what is stored' },
  'precondition-failed': { status: 412, title: 'It is not as it was when you read it' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The media type is not read here' },
  'too-many-streams': { status: 429, title: 'As many streams are open as may be' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used for another request' },
  'spec-unreadable': { status: 422, title: 'The document could not be read' },
  'spec-version': { status: 422, title: 'The document is of no OpenAPI version that is read here' },
  'overlay-invalid': { status: 422, title: 'The overlay cannot be applied' },
  'base-url-needed': { status: 422, title: 'The base URL of the API is not known' },
  'base-url-invalid': { status: 422, title: 'The base URL cannot be used' },
  'credential-mismatch': { status: 422, title: 'The credential fits no security scheme of the document' },
  'fetch-failed': { status: 422, title: 'The document could not be fetched' },
  'address-blocked': { status: 422, title: 'The address may not be called' },
  'database-unavailable': { status: 503, title: 'The database does not answer' },
  'issuer-unavailable': { status: 503, title: 'The keys of the token’s issuer cannot be read' },
  'shutting-down': { status: 503, title: 'The gateway is stopping' },
  internal: { status: 500, title: 'Something broke inside Sluice' },
} as const satisfies Record<string, { status: number; title: string }>

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

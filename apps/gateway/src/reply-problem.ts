import { LIMITS, type Observe, PROBLEMS, Problem, problemDocument } from '@sluice/contract'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Challenge } from './mcp/challenge.ts'
import { readOff } from './read-off.ts'
import { reasonOf } from './reason-of.ts'

/** Turns whatever was thrown into RFC 9457, in this one place. A bug says nothing of itself but its request id. */
export function replyProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  observe: Observe,
): FastifyReply {
  const problem = asProblem(error, request)
  if (problem.code === 'internal')
    observe({ kind: 'bug', where: `${request.method} ${request.routeOptions.url ?? request.url}`, cause: error })
  const { status } = PROBLEMS[problem.code]
  if (problem instanceof Challenge) reply.header('www-authenticate', problem.authenticate)
  else if (status === 401) reply.header('www-authenticate', 'Bearer realm="sluice"')
  if (status === 503) reply.header('retry-after', '1')
  request.problemCode = problem.code
  if (problem.code === 'database-unavailable' && problem.cause !== undefined)
    request.problemReason = reasonOf(problem.cause)
  reply.code(status).type('application/problem+json')
  const text = JSON.stringify(problemDocument(problem, request.id))
  if (problem.code !== 'too-large') return reply.send(text)
  void readOff(request.raw).then(() => reply.send(text))
  return reply
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What the answer's problem was, for the record of the request. */
    problemCode?: string
    /** Why the database could not be used: who asks is not told, the operator must be. */
    problemReason?: string
  }
}

function asProblem(error: unknown, { routeOptions }: FastifyRequest): Problem {
  if (error instanceof Problem) return error
  const { code, message, statusCode } = error as Partial<FastifyError>
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
      return new Problem('too-large', {
        detail: `The body is larger than is read here: ${mostRead(routeOptions.bodyLimit)}.`,
        cause: error,
      })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem('unsupported-media-type', {
        detail: 'Send JSON (content-type: application/json); an import may also be multipart/form-data.',
        cause: error,
      })
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Problem('invalid-request', { detail: message ?? 'The request cannot be read.', cause: error })
  }
  return new Problem('internal', {
    detail: 'Something broke inside Sluice; the operator finds it in the log by the request id.',
    cause: error,
  })
}

const MB = 1024 * 1024

/** The body of an import is larger than the document that it holds as JSON text. */
function mostRead(bodyLimit: number | undefined = LIMITS.mcpBodyBytes): string {
  return bodyLimit > LIMITS.specBytes ? `a document may have ${LIMITS.specBytes / MB} MB` : `${bodyLimit / MB} MB`
}

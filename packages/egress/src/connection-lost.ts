import { CallFailure } from '@sluice/contract'

/** Codes of a connection that was closed before the answer was whole. */
export const CUT_OFF: ReadonlySet<unknown> = new Set([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
])

/** Codes of a connection that never stood. */
const NO_CONNECTION: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Whether nothing of a request can have reached the other side. */
export function wasNotSent(error: unknown): boolean {
  return NO_CONNECTION.has(codeOf(error))
}

/** Whether nobody knows what the other side did. */
export function wasCutOff(error: unknown): boolean {
  return CUT_OFF.has(codeOf(error))
}

function codeOf(error: unknown): unknown {
  return error instanceof CallFailure ? (error.cause as { code?: unknown } | undefined)?.code : undefined
}

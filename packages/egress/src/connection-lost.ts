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

/** Codes of a name that leads nowhere. */
const NO_NAME: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'EAI_FAIL', 'EAI_NODATA'])

/** Codes of a connection over which TLS does not come about. */
export const NO_TLS =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|INVALID_|EPROTO$)/

/** Whether nothing of a request can have reached the other side. */
export function wasNotSent(error: unknown): boolean {
  return NO_CONNECTION.has(codeOf(error))
}

/** Whether nobody knows what the other side did. */
export function wasCutOff(error: unknown): boolean {
  return CUT_OFF.has(codeOf(error))
}

/** Whether there was no connection, or none that stood until the answer was whole. */
export function wasUnreachable(error: unknown): boolean {
  const code = codeOf(error)
  return NO_CONNECTION.has(code) || CUT_OFF.has(code) || NO_NAME.has(code) || NO_TLS.test(String(code))
}

function codeOf(error: unknown): unknown {
  return error instanceof CallFailure ? (error.cause as { code?: unknown } | undefined)?.code : undefined
}

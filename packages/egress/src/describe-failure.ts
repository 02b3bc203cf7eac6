import { CallFailure, type FailureKind } from '@sluice/contract'
import { errors } from 'undici'
import { CUT_OFF, NO_TLS } from './connection-lost.ts'
import { isSafe } from './is-safe.ts'

/** Follows a failure after which nobody knows what the upstream did. */
export const DOUBT = ' The request may have been carried out nevertheless.'

/**
 * Turns what went wrong on the wire into a failure that names its class and the host, and neither an address nor a stack.
 * An error without a code does not come from the wire: it is a bug and is handed back as it is.
 */
export function describeFailure(error: unknown, host: string, method: string): unknown {
  if (error instanceof CallFailure) return error
  if (!(error instanceof Error)) return error
  const code = codeOf(error)
  if (code === undefined) return error
  const doubt = (CUT_OFF.has(code) || SILENT.has(code)) && !isSafe(method) ? DOUBT : ''
  const text = `${sentence(code, error.message, host)} (${code})${doubt}`
  return new CallFailure(KINDS[code] ?? 'upstream', text, { cause: error })
}

function codeOf(error: Error & { code?: unknown }): string | undefined {
  // undici's parser does not always say which rule was broken.
  if (error instanceof errors.HTTPParserError) return error.code ?? 'HPE'
  return typeof error.code === 'string' ? error.code : undefined
}

const KINDS: Readonly<Record<string, FailureKind | undefined>> = {
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'too-large',
  UND_ERR_CLOSED: 'cancelled',
}

const SILENT: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])

/** Node reads it when it starts. */
const TRUST = 'The operator can trust it: start Sluice with NODE_EXTRA_CA_CERTS naming a PEM file that holds it.'

function sentence(code: string, message: string, host: string): string {
  if (CUT_OFF.has(code)) return `${host} closed the connection before its answer was complete.`
  switch (code) {
    case 'ECONNREFUSED':
      return `${host} refused the connection. It may be down; try again later.`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return `${host} cannot be reached. It may be down; try again later.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'EAI_NODATA':
      return `The name of ${host} could not be resolved.`
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `${host} did not accept a connection in time. It may be down; try again later.`
    case 'UND_ERR_HEADERS_TIMEOUT':
      return `${host} took the request and did not begin to answer in time.`
    case 'UND_ERR_BODY_TIMEOUT':
      return `${host} stopped in the middle of its answer.`
    case 'UND_ERR_HEADERS_OVERFLOW':
      return `The headers of the answer of ${host} are larger than is read.`
    case 'CERT_HAS_EXPIRED':
      return `The TLS certificate of ${host} has expired.`
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `The TLS certificate of ${host} is for another name.`
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return `The TLS certificate of ${host} is self-signed. ${TRUST}`
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `The TLS certificate of ${host} comes from an authority that is not trusted. ${TRUST}`
    case 'UND_ERR_CLOSED':
      return `${host} was not called: Sluice is stopping.`
    case 'UND_ERR_INVALID_ARG':
      // undici says which part of the request it cannot send, never its value.
      return `The request to ${host} cannot be sent: ${message}.`
  }
  if (NO_TLS.test(code)) return `The TLS connection to ${host} failed.`
  if (code.startsWith('HPE')) return `${host} gave an answer that is not valid HTTP.`
  return `The call of ${host} failed.`
}

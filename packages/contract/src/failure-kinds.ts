/** Why a call gave no answer. */
export const FAILURE_KINDS = [
  // The arguments do not fit; nothing was sent.
  'arguments',
  // A credential is missing or was refused.
  'needs-authorization',
  // The upstream answered with an error, or could not be reached.
  'upstream',
  'timeout',
  // The guarded door refused the address.
  'blocked',
  // An interceptor or a response filter failed.
  'interceptor',
  // Code that the caller wrote failed.
  'code',
  'too-large',
  'cancelled',
] as const
export type FailureKind = (typeof FAILURE_KINDS)[number]

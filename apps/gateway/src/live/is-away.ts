import { Problem } from '@sluice/contract'

/** Whether the database could not be asked: what it was asked may be asked of it later. */
export function isAway(cause: unknown): boolean {
  return cause instanceof Problem && cause.code === 'database-unavailable'
}

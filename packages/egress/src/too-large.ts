import { CallFailure } from '@sluice/contract'

/** An answer past the limit. */
export function tooLarge(host: string, maxBytes: number): CallFailure {
  return new CallFailure(
    'too-large',
    `The answer of ${host} is larger than ${maxBytes} bytes, the most that is read. Ask for less of it.`,
  )
}

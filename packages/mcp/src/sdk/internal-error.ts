import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'

/** What a client is told of a bug, whose cause goes to `onBug` alone. Always throws. */
export function internalError(onBug: (cause: unknown) => void): (cause: unknown) => never {
  return (cause) => {
    onBug(cause)
    throw new ProtocolError(
      ProtocolErrorCode.InternalError,
      'Something broke inside Sluice; the operator finds it in the log.',
    )
  }
}

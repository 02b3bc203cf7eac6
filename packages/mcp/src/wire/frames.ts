import { isObject } from '@sluice/schema'

/** A whole HTTP answer that is one JSON-RPC message, or none. */
export interface Frame {
  readonly status: number
  readonly body: string | KeptBody | null
}

/** A text, and what follows it. That is kept, and copied for nobody. */
export interface KeptBody {
  readonly head: string
  readonly rest: Uint8Array
}

export interface ErrorFrame extends Frame {
  readonly body: string
}

/** A request's id as the message has it; null where it cannot be told. */
export type MessageId = string | number | null

/** What names the message that is answered; null where it has no id that could be answered. */
export function messageId(message: unknown): MessageId {
  const id = isObject(message) ? message.id : undefined
  return typeof id === 'string' || typeof id === 'number' ? id : null
}

export function errorFrame(status: number, id: MessageId, code: number, message: string, data?: object): ErrorFrame {
  const error = { code, message, ...(data ? { data } : {}) }
  return { status, body: JSON.stringify({ jsonrpc: '2.0', id, error }) }
}

/** `result` is JSON text. */
export function resultFrame(id: MessageId, result: string): Frame {
  return { status: 200, body: `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}` }
}

/** The same for JSON text that is kept as bytes, with the brace that ends the message. */
export function resultBytesFrame(id: MessageId, rest: Uint8Array): Frame {
  return { status: 200, body: { head: `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`, rest } }
}

/** RFC 9110 15.3.3: a notification was taken, and there is nothing to say. */
export const ACCEPTED: Frame = { status: 202, body: null }

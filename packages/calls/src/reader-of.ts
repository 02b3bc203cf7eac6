import type { Caller } from '@sluice/contract'
import type { Reader } from './continuations.ts'

export function readerOf({ workspaceId, id }: Caller): Reader {
  return { workspaceId, callerId: id }
}

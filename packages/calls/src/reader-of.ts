import type { Caller } from '@sluice/contract'
import type { Reader } from './continuations.ts'

export function readerOf({ workspaceId, accessKeyId, name }: Caller): Reader {
  return { workspaceId, callerId: accessKeyId ?? name }
}

import { CallFailure, type CallOutcome, type Content, LIMITS } from '@sluice/contract'
import type { ResponseBody } from './read-response.ts'
import { textBlock } from './to-result.ts'

/**
 * An answer that is read as a resource: all of it, as it is. A part of a document is no document, so what is too large is
 * refused, and so is a stream that did not end. @throws CallFailure
 */
export function wholeAnswer(answer: ResponseBody, tool: string): Extract<CallOutcome, { ok: true }> {
  const { status } = answer
  const bytes = bytesOf(answer)
  if (bytes > LIMITS.binaryBytes) {
    const most = LIMITS.binaryBytes / 1024 / 1024
    const message = `The answer has ${bytes} bytes; a resource has at most ${most} MB. Call the tool "${tool}", which shows a part of it.`
    throw new CallFailure('too-large', message, { status })
  }
  if (answer.isPart) {
    const message = `The API sends this as a stream that did not end. Call the tool "${tool}", which shows what came.`
    throw new CallFailure('upstream', message, { status })
  }
  return { ok: true, status, mimeType: typeOf(answer), content: [contentOf(answer)] }
}

/** The API's own word, where it says one that fits. */
function typeOf({ kind, mimeType }: ResponseBody): string {
  if (kind === 'empty') return 'text/plain'
  if (mimeType !== 'application/octet-stream' || kind === 'binary') return mimeType
  return kind === 'json' ? 'application/json' : 'text/plain'
}

function bytesOf(answer: ResponseBody): number {
  if ('bytes' in answer) return answer.bytes.length
  return answer.kind === 'empty' ? 0 : Buffer.byteLength(answer.text)
}

function contentOf(answer: ResponseBody): Content {
  if (!('bytes' in answer)) return textBlock(answer.kind === 'empty' ? '' : answer.text)
  const { mimeType, bytes, kind } = answer
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
  if (kind !== 'binary') return { type: kind, data, mimeType }
  return { type: 'resource', resource: { uri: '', mimeType, blob: data } }
}

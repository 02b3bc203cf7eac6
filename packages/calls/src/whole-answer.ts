import { CallFailure, type CallOutcome, type Content, LIMITS } from '@sluice/contract'
import { base64 } from './base64.ts'
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
  const content = answer.kind === 'parts' ? answer.parts.map(documentOf) : [contentOf(answer)]
  return { ok: true, status, mimeType: typeOf(answer), content }
}

/** The API's own word, where it says one that fits. */
function typeOf({ kind, mimeType }: ResponseBody): string {
  if (kind === 'empty') return 'text/plain'
  if (mimeType !== 'application/octet-stream' || kind === 'binary') return mimeType
  return kind === 'json' ? 'application/json' : 'text/plain'
}

function bytesOf(answer: ResponseBody): number {
  if ('bytes' in answer) return answer.bytes.length
  if (answer.kind === 'parts') return answer.parts.reduce((sum, part) => sum + bytesOf(part), 0)
  return 'text' in answer ? Buffer.byteLength(answer.text) : 0
}

function contentOf(answer: ResponseBody): Content {
  if (!('bytes' in answer)) return textBlock('text' in answer ? answer.text : '')
  const { mimeType, bytes, kind } = answer
  return kind === 'binary' ? documentOf(answer) : { type: kind, data: base64(bytes), mimeType }
}

/** With a media type of its own; the URI is the one that is read. */
function documentOf(answer: ResponseBody): Content {
  const mimeType = typeOf(answer)
  const held = 'bytes' in answer ? { blob: base64(answer.bytes) } : { text: 'text' in answer ? answer.text : '' }
  return { type: 'resource', resource: { uri: '', mimeType, ...held } }
}

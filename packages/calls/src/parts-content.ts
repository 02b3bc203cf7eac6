import { type Content, headerValue, LIMITS } from '@sluice/contract'
import { answerUri } from './answer-uri.ts'
import { base64 } from './base64.ts'
import { cutBytes } from './code-points.ts'
import type { ResponseBody } from './read-response.ts'

/**
 * The parts of an answer, each as content of its own: a text, a picture, a sound, a file. One that has a name of its own, by
 * `Content-Location` or as an attachment, is a document, text too. `most` bytes of text are shown of all together.
 */
export function contentOfParts(parts: readonly ResponseBody[], most: number): Content[] {
  let left = most
  return parts.flatMap((part, index) => {
    if (part.kind === 'empty' || part.kind === 'parts') return []
    if ('bytes' in part) return [fileOf(part, index)]
    const shown = cutBytes(part.text, left)
    left -= Buffer.byteLength(shown)
    const uri = nameOf(part)
    const content: Content =
      uri === undefined
        ? { type: 'text', text: shown }
        : { type: 'resource', resource: { uri, mimeType: part.mimeType, text: shown } }
    return shown.length < part.text.length ? [content, cutNote(part, shown)] : [content]
  })
}

function fileOf(part: Extract<ResponseBody, { bytes: Uint8Array }>, index: number): Content {
  const { kind, mimeType, bytes } = part
  if (bytes.length > LIMITS.binaryBytes) {
    const most = LIMITS.binaryBytes / 1024 / 1024
    return { type: 'text', text: `[${mimeType} of ${bytes.length} bytes: at most ${most} MB are shown.]` }
  }
  const data = base64(bytes)
  if (kind !== 'binary') return { type: kind, data, mimeType }
  return {
    type: 'resource',
    resource: { uri: nameOf(part) ?? `sluice://answer/part-${index + 1}`, mimeType, blob: data },
  }
}

function cutNote({ mimeType, text }: { mimeType: string; text: string }, shown: string): Content {
  const [all, some] = [Buffer.byteLength(text), Buffer.byteLength(shown)]
  return { type: 'text', text: `[${some} of the ${all} bytes of this ${mimeType} are shown.]` }
}

/** What a client would fetch, read or run by itself is no name that an API may give (S33). */
function nameOf({ headers }: ResponseBody): string | undefined {
  const location = headerValue(headers, 'content-location')
  const isName = location !== undefined && /^[a-z][a-z0-9+.-]*:[!-~]+$/i.test(location)
  if (isName && !/^(javascript|data|file):/i.test(location)) return location
  const isFile = /^\s*attachment/i.test(headerValue(headers, 'content-disposition') ?? '')
  return isFile || location !== undefined ? answerUri(headers, 'part') : undefined
}

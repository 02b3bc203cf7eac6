import { CallFailure } from '@sluice/contract'

/** A file that a model sent. */
interface ReadFile {
  readonly bytes: Uint8Array
  readonly filename?: string
  readonly contentType?: string
}

/**
 * A file given as base64, as a data URL (RFC 2397) or as `{filename, contentType, data}`.
 * @throws CallFailure of kind `arguments`
 */
export function readFile(value: unknown, argument: string): ReadFile {
  if (typeof value === 'string') return fromText(value, argument)
  if (typeof value === 'object' && value !== null && 'data' in value && typeof value.data === 'string') {
    const file = fromText(value.data, argument)
    const { filename, contentType } = value as { filename?: unknown; contentType?: unknown }
    return {
      ...file,
      ...(typeof filename === 'string' ? { filename } : {}),
      ...(typeof contentType === 'string' ? { contentType } : {}),
    }
  }
  throw notAFile(argument)
}

function fromText(text: string, argument: string): ReadFile {
  const dataUrl = /^data:([^,;]*)((?:;[^,;]*)*),(.*)$/s.exec(text)
  if (dataUrl) {
    const [, contentType, parameters, data] = dataUrl
    const bytes = parameters!.endsWith(';base64') ? base64(data!, argument) : percentDecoded(data!, argument)
    return { bytes, ...(contentType ? { contentType } : {}) }
  }
  return { bytes: base64(text, argument) }
}

function percentDecoded(data: string, argument: string): Uint8Array {
  try {
    return Buffer.from(decodeURIComponent(data))
  } catch {
    throw notAFile(argument)
  }
}

function base64(text: string, argument: string): Uint8Array {
  const compact = text.replaceAll(/\s/g, '')
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(compact)) throw notAFile(argument)
  return Buffer.from(compact, 'base64')
}

function notAFile(argument: string): CallFailure {
  return new CallFailure(
    'arguments',
    `${argument} is a file: give its bytes as base64, as a data URL, or as {filename, contentType, data}. Nothing was sent.`,
  )
}

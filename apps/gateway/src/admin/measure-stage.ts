import type { TriedTool } from '@sluice/contract'

type Stage = TriedTool['stages'][number]

/** A stage of a call with what the answer weighs after it; no tokens where it made no text. */
export function measureStage(
  { stage, value }: Pick<Stage, 'stage' | 'value'>,
  countTokens: (text: string) => number,
): Stage {
  const text = textOf(stage, value)
  return {
    stage,
    value: withoutBytes(value),
    bytes: bytesOf(stage, value) ?? (text === undefined ? null : Buffer.byteLength(text)),
    tokens: text === undefined ? null : countTokens(text),
  }
}

function textOf(stage: string, value: unknown): string | undefined {
  if (stage === 'result') return textOfBlocks(value as Block[])
  if (stage === 'response-interceptor') return JSON.stringify((value as { made: { body?: unknown } }).made.body ?? null)
  const { text } = value as { text?: unknown }
  return typeof text === 'string' ? text : undefined
}

interface Block {
  readonly text?: string
  readonly data?: string
  readonly resource?: { readonly blob?: string; readonly text?: string }
}

function textOfBlocks(blocks: readonly Block[]): string | undefined {
  const texts = blocks.flatMap(({ text }) => (text === undefined ? [] : [text]))
  return texts.length > 0 ? texts.join('\n') : undefined
}

/** Of what is no text: a picture, a sound, a file. */
function bytesOf(stage: string, value: unknown): number | undefined {
  const { bytes } = value as { bytes?: unknown }
  if (bytes instanceof Uint8Array) return bytes.length
  if (stage !== 'result') return undefined
  const encoded = (value as Block[]).map(({ data, resource }) => data ?? resource?.blob ?? '').join('')
  return encoded === '' ? undefined : encoded.length
}

/** Megabytes as a list of numbers help nobody. */
function withoutBytes(value: unknown): unknown {
  const { bytes } = value as { bytes?: unknown }
  return bytes instanceof Uint8Array ? { ...(value as object), bytes: `${bytes.length} bytes` } : value
}

import type { TriedTool } from '@sluice/contract'

type Stage = TriedTool['stages'][number]

/** A stage of a call with what the answer weighs after it; nothing where it made no text. */
export function measureStage(
  { stage, value }: Pick<Stage, 'stage' | 'value'>,
  countTokens: (text: string) => number,
): Stage {
  const text = textOf(stage, value)
  return {
    stage,
    value,
    bytes: text === undefined ? null : Buffer.byteLength(text),
    tokens: text === undefined ? null : countTokens(text),
  }
}

function textOf(stage: string, value: unknown): string | undefined {
  if (stage === 'result') return (value as Array<{ text?: string }>).map(({ text }) => text ?? '').join('\n')
  if (stage === 'response-interceptor') return JSON.stringify((value as { made: { body?: unknown } }).made.body ?? null)
  const { text } = value as { text?: unknown }
  return typeof text === 'string' ? text : undefined
}

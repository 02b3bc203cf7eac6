import type { Dialect, Move } from './start-model.ts'

/** The generateContent API of Gemini. */
export const geminiContent: Dialect = {
  read: (path, { tools = [], contents = [] }: ContentRequest) => {
    if (!/:(streamG|g)enerateContent/.test(path)) return undefined
    const responses = contents.flatMap(({ parts = [] }) =>
      parts.flatMap(({ functionResponse: one }) => (one ? [one] : [])),
    )
    return {
      offered: tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations.map(({ name }) => name)),
      results: responses.map(({ response: { output, error } }) => output ?? error ?? ''),
    }
  },
  isStreaming: (path) => path.includes(':streamGenerateContent'),
  events: (move) => [whole(move)],
  whole,
}

interface ContentRequest {
  readonly tools?: ReadonlyArray<{ readonly functionDeclarations?: ReadonlyArray<{ readonly name: string }> }>
  readonly contents?: ReadonlyArray<{ readonly parts?: readonly Part[] }>
}

interface Part {
  readonly functionResponse?: { readonly response: { readonly output?: string; readonly error?: string } }
}

function whole(move: Move): object {
  const part = 'text' in move ? { text: move.text } : { functionCall: { name: move.name, args: move.arguments } }
  return {
    candidates: [{ index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
  }
}

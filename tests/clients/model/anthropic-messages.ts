import type { Dialect, Move } from './start-model.ts'

/** The Messages API of Anthropic. */
export const anthropicMessages: Dialect = {
  read: (path, { tools = [], messages }: MessagesRequest) => {
    if (!path.startsWith('/v1/messages') || path.includes('count_tokens')) return undefined
    const blocks = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content))
    const results = blocks.filter(({ type }) => type === 'tool_result').map(({ content }) => textOf(content))
    return { offered: tools.map(({ name }) => name), results }
  },
  isStreaming: (_path, { stream }: MessagesRequest) => stream === true,
  events: (move) => {
    const [block, delta] =
      'text' in move
        ? [
            { type: 'text', text: '' },
            { type: 'text_delta', text: move.text },
          ]
        : [
            { ...toolUse(move), input: {} },
            { type: 'input_json_delta', partial_json: JSON.stringify(move.arguments) },
          ]
    return [
      { type: 'message_start', message: { ...MESSAGE, content: [], stop_reason: null } },
      { type: 'content_block_start', index: 0, content_block: block },
      { type: 'content_block_delta', index: 0, delta },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: stopReason(move), stop_sequence: null }, usage: MESSAGE.usage },
      { type: 'message_stop' },
    ]
  },
  whole: (move) => ({
    ...MESSAGE,
    content: ['text' in move ? { type: 'text', text: move.text } : toolUse(move)],
    stop_reason: stopReason(move),
  }),
}

interface MessagesRequest {
  readonly stream?: boolean
  readonly tools?: ReadonlyArray<{ readonly name: string }>
  readonly messages: ReadonlyArray<{ readonly content: string | ReadonlyArray<Block> }>
}

interface Block {
  readonly type: string
  readonly text?: string
  readonly content?: string | ReadonlyArray<Block>
}

const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'scripted',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
}

let calls = 0

function toolUse(move: Exclude<Move, { text: string }>): object {
  return { type: 'tool_use', id: `toolu_${++calls}`, name: move.name, input: move.arguments }
}

function stopReason(move: Move): string {
  return 'text' in move ? 'end_turn' : 'tool_use'
}

function textOf(content: Block['content'] = ''): string {
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('\n')
}

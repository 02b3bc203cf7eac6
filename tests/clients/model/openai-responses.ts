import type { Dialect, Move } from './start-model.ts'

/** The Responses API of OpenAI. */
export const openaiResponses: Dialect = {
  read: (path, { tools = [], input }: ResponsesRequest) => {
    if (!path.endsWith('/responses')) return undefined
    const found = input.flatMap((item) => (item.type === 'tool_search_output' ? (item.tools ?? []) : []))
    const outputs = input.filter(({ type }) => type === 'function_call_output')
    return {
      offered: [...tools, ...found].flatMap(namesOf),
      results: outputs.map(({ output }) => textOf(output)),
      isSearching:
        tools.some(({ type }) => type === 'tool_search') && !input.some(({ type }) => type === 'tool_search_output'),
    }
  },
  isStreaming: (_path, { stream }: ResponsesRequest) => stream === true,
  events: (move) => eventsOf(itemOf(move)),
  search: (query) => {
    const call = { type: 'tool_search_call', call_id: `call_${++calls}`, status: 'completed', execution: 'client' }
    return eventsOf({ ...call, arguments: { query, limit: 20 } })
  },
  whole: (move) => whole(itemOf(move)),
}

/** Between a namespace and a tool in it, in the names that are used here. */
export const SEPARATOR = '.'

interface ResponsesRequest {
  readonly stream?: boolean
  readonly tools?: readonly OfferedTool[]
  readonly input: ReadonlyArray<{ readonly type: string; readonly output?: Output; readonly tools?: OfferedTool[] }>
}

interface OfferedTool {
  readonly type: string
  readonly name?: string
  readonly tools?: readonly OfferedTool[]
}

type Output = string | ReadonlyArray<{ readonly text?: string }>

let calls = 0

function namesOf({ type, name = '', tools = [] }: OfferedTool): string[] {
  return type === 'namespace' ? tools.map((tool) => `${name}${SEPARATOR}${tool.name}`) : [name]
}

function eventsOf(item: object): object[] {
  return [
    { type: 'response.created', response: { id: 'resp_1' } },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: whole(item) },
  ]
}

function itemOf(move: Move): object {
  if ('text' in move) {
    const content = [{ type: 'output_text', text: move.text, annotations: [] }]
    return { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content }
  }
  const [namespace, name] = move.name.split(SEPARATOR)
  const call = { type: 'function_call', id: `fc_${++calls}`, call_id: `call_${calls}`, status: 'completed' }
  return { ...call, ...(name ? { namespace, name } : { name: namespace }), arguments: JSON.stringify(move.arguments) }
}

function whole(item: object): object {
  const usage = {
    input_tokens: 1,
    output_tokens: 1,
    total_tokens: 2,
    input_tokens_details: null,
    output_tokens_details: null,
  }
  return { id: 'resp_1', object: 'response', status: 'completed', output: [item], usage }
}

function textOf(output: Output = ''): string {
  return typeof output === 'string' ? output : output.map(({ text = '' }) => text).join('\n')
}

import { setTimeout as pause } from 'node:timers/promises'
import type { CallOutcome, JsonSchema } from '@sluice/contract'
import type { CallRequest, InputRequest, InputsWanted } from '@sluice/mcp'

/** A tool of the suite that no API can be: it asks the client within a call, or logs to it. */
export type AskingTool = (args: Readonly<Record<string, unknown>>, request: CallRequest) => Answer | Promise<Answer>
type Answer = CallOutcome | InputsWanted

const NAME = { name: { type: 'string' } }

/** By name, as the suite wants them. */
export const ASKING_TOOLS: Readonly<Record<string, AskingTool>> = {
  test_input_required_result_elicitation: askFor({ user_name: form('What is your name?', NAME) }, ({ user_name }) =>
    isForm(user_name, 'name') ? `Hello, ${user_name.content.name}!` : undefined,
  ),
  test_input_required_result_sampling: askFor({ capital_question: sample('What is the capital of France?') }),
  test_input_required_result_list_roots: askFor({ client_roots: { method: 'roots/list', params: {} } }),
  test_input_required_result_request_state: askFor(
    { confirm: form('Please confirm', { ok: { type: 'boolean' } }) },
    ({ confirm }, state) => (isForm(confirm, 'ok') && state === 'asked' ? 'state-ok' : undefined),
    'asked',
  ),
  test_input_required_result_tampered_state: askFor(
    { confirm: form('Please confirm', { ok: { type: 'boolean' } }) },
    undefined,
    'asked',
  ),
  test_input_required_result_multiple_inputs: askFor(
    {
      user_name: form('What is your name?', NAME),
      greeting: sample('Generate a greeting', 50),
      client_roots: { method: 'roots/list', params: {} },
    },
    undefined,
    'asked',
  ),
  test_input_required_result_multi_round: (_args, { given }): Answer => {
    const { inputs = {}, state } = given ?? {}
    if (isForm(inputs.step2, 'color') && state === 2) return said('Done.')
    if (isForm(inputs.step1, 'name') && state === 1)
      return {
        wanted: { step2: form('Step 2: What is your favorite color?', { color: { type: 'string' } }) },
        state: 2,
      }
    return { wanted: { step1: form('Step 1: What is your name?', NAME) }, state: 1 }
  },
  test_input_required_result_capabilities: (args, request) => {
    const asked = {
      ...(request.askable?.elicitation.includes('form') ? { user_name: form('What is your name?', NAME) } : {}),
      ...(request.askable?.sampling ? { greeting: sample('Generate a greeting') } : {}),
    }
    return askFor(asked)(args, request)
  },
  test_missing_capability: askFor({ question: sample('Anything') }),
  test_streaming_elicitation: askFor({ user_name: form('What is your name?', NAME) }),
  test_sampling: ({ prompt }, request) => askFor({ answer: sample(String(prompt)) })({}, request),
  test_elicitation: ({ message }, request) => {
    const properties = {
      username: { type: 'string', description: "User's response" },
      email: { type: 'string', description: "User's email address" },
    }
    return askFor({ user: form(String(message), properties) })({}, request)
  },
  test_elicitation_sep1034_defaults: askFor({
    user: form(
      'Who are you?',
      {
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
      },
      [],
    ),
  }),
  test_elicitation_sep1330_enums: askFor({ choice: form('Choose', enums(), []) }),
  test_logging_tool: logging(0),
  test_tool_with_logging: logging(50),
}

function enums() {
  const options = ['option1', 'option2', 'option3']
  const titled = [1, 2, 3].map((n) => ({ const: `value${n}`, title: `Choice ${n}` }))
  return {
    untitledSingle: { type: 'string', enum: options },
    titledSingle: { type: 'string', oneOf: titled },
    legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['One', 'Two', 'Three'] },
    untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
    titledMulti: { type: 'array', items: { anyOf: titled } },
  }
}

function logging(ms: number): AskingTool {
  return async (_args, { log }) => {
    for (const text of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      log?.('info', text)
      await pause(ms)
    }
    return said('It was logged.')
  }
}

type Told = (inputs: Readonly<Record<string, unknown>>, state: unknown) => string | undefined

/** Asks until all is given. `told` says the answer, where it is one. */
function askFor(asked: Readonly<Record<string, InputRequest>>, told?: Told, state?: string): AskingTool {
  const all: Told = (inputs) => (Object.keys(asked).every((key) => key in inputs) ? JSON.stringify(inputs) : undefined)
  return (_args, { given }) => {
    const text = given && (told ?? all)(given.inputs, given.state)
    return text === undefined ? { wanted: asked, ...(state === undefined ? {} : { state }) } : said(text)
  }
}

export function form(
  message: string,
  properties: Readonly<Record<string, JsonSchema>>,
  required = Object.keys(properties),
): InputRequest {
  return {
    method: 'elicitation/create',
    params: { message, requestedSchema: { type: 'object', properties, required } },
  }
}

function sample(text: string, maxTokens = 100): InputRequest {
  const messages = [{ role: 'user', content: { type: 'text', text } }]
  return { method: 'sampling/createMessage', params: { messages, maxTokens } }
}

/** A form that was filled in, with this field. */
export function isForm(given: unknown, field: string): given is { content: Record<string, unknown> } {
  const { action, content } = (given ?? {}) as { action?: unknown; content?: object }
  return action === 'accept' && typeof content === 'object' && field in content
}

function said(text: string): CallOutcome {
  return { ok: true, status: 200, content: [{ type: 'text', text }] }
}

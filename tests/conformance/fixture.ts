import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { type OnLoopback, onLoopback } from '../support/on-loopback.ts'

// What the suite expects of a server, as an API with a document: each of its tools is an operation here, and its answer one of the API.

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
/** A wave file that holds no sample. */
const WAV = Buffer.from('UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=', 'base64')

interface Answer {
  readonly status?: number
  readonly type: string
  /** What comes one after the other, as a list. */
  readonly body: string | Buffer | readonly string[]
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  test_simple_text: typed('text/plain', 'This is a simple text response for testing.'),
  test_image_content: typed('image/png', PNG),
  test_audio_content: typed('audio/wav', WAV),
  test_embedded_resource: typed('application/octet-stream', Buffer.from('This is an embedded resource content.')),
  test_multiple_content_types: typed('multipart/mixed; boundary=part', [
    '--part\r\nContent-Type: text/plain\r\n\r\nMultiple content types test:\r\n',
    `--part\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n${PNG.toString('base64')}\r\n`,
    '--part\r\nContent-Type: application/json\r\nContent-Location: test://mixed-content-resource\r\n\r\n',
    '{"test":"data","value":123}\r\n--part--\r\n',
  ]),
  test_error_handling: { ...typed('text/plain', 'This tool intentionally returns an error for testing'), status: 500 },
  test_custom_header: typed('text/plain', 'The header said what the argument said.'),
  json_schema_2020_12_tool: typed('application/json', '{}'),
  test_trigger_tool_change: typed('text/plain', 'A tool was changed.'),
  test_trigger_prompt_change: typed('text/plain', 'A prompt was changed.'),
  test_tool_with_progress: typed('application/x-ndjson', ['{"done":0}\n', '{"done":50}\n', '{"done":100}\n']),
}

/** Operations that are read as resources, by the URIs that the suite reads. */
export const RESOURCES: Readonly<Record<string, string>> = {
  static_text: 'test://static-text',
  static_binary: 'test://static-binary',
  template_data: 'test://template/{id}/data',
}

const READ: Readonly<Record<string, Answer>> = {
  static_text: typed('text/plain', 'This is the content of the static text resource.'),
  static_binary: typed('image/png', PNG),
}

/** Long enough that each is told of by itself, on a busy machine too. */
const BETWEEN_PARTS_MS = 250

/** `onCall` is told which operation is called, before it answers. */
export function startFixture(onCall: (operation: string) => Promise<unknown>): Promise<OnLoopback> {
  const server = createServer(async ({ url }, response) => {
    const operation = url!.slice(1).split('?', 1)[0]!
    await onCall(operation)
    const { status = 200, type, body } = answerOf(operation)
    response.writeHead(status, { 'content-type': type })
    for (const part of Array.isArray(body) ? body : [body]) {
      response.write(part)
      await pause(Array.isArray(body) ? BETWEEN_PARTS_MS : 0)
    }
    response.end()
  })
  return onLoopback(server)
}

function answerOf(path: string): Answer {
  const id = /^template_data\/(.*)$/.exec(path)?.[1]
  if (id !== undefined)
    return typed('application/json', JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }))
  return { ...ANSWERS, ...READ }[path] ?? { status: 404, ...typed('text/plain', 'nothing') }
}

export function fixtureDocument(url: string): string {
  const paths = Object.fromEntries(
    Object.keys(ANSWERS).map((operationId) => {
      const isPost = operationId === 'json_schema_2020_12_tool'
      const requestBody = { required: true, content: { 'application/json': { schema: SCHEMA } } }
      const repeated = { name: 'region', in: 'query', schema: { type: 'string' }, 'x-mcp-header': 'Region' }
      const parameters = operationId === 'test_custom_header' ? [repeated] : []
      const operation = { operationId, parameters, responses: { 200: { description: 'as the suite has it' } } }
      return [`/${operationId}`, isPost ? { post: { ...operation, requestBody } } : { get: operation }]
    }),
  )
  const read = Object.fromEntries(
    Object.keys(RESOURCES).map((operationId) => {
      const isTemplate = operationId === 'template_data'
      const parameters = isTemplate ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] : []
      const content = { [isTemplate ? 'application/json' : READ[operationId]!.type]: {} }
      const responses = { 200: { description: 'as the suite has it', content } }
      return [`/${operationId}${isTemplate ? '/{id}' : ''}`, { get: { operationId, parameters, responses } }]
    }),
  )
  const info = { title: 'Conformance', version: '1' }
  return JSON.stringify({ openapi: '3.1.0', info, servers: [{ url }], paths: { ...paths, ...read } })
}

/** What is stored for the server, by path. */
export function storedOffers(): Record<string, object> {
  const user = 'user' as const
  const image = { data: PNG.toString('base64'), mimeType: 'image/png' }
  const text = 'Embedded resource content for testing.'
  return {
    'resources/stored_text': { uri: 'test://stored-text', description: 'A stored text.', text: 'Stored.' },
    'prompts/test_simple_prompt': {
      description: 'Without arguments.',
      messages: [{ role: user, text: 'This is a simple prompt for testing.' }],
    },
    'prompts/test_prompt_with_arguments': {
      description: 'With arguments.',
      arguments: [
        { name: 'arg1', description: 'First test argument', required: true, values: ['test', 'testValue1', 'other'] },
        { name: 'arg2', description: 'Second test argument', required: true },
      ],
      messages: [{ role: user, text: "Prompt with arguments: arg1='{{arg1}}', arg2='{{arg2}}'" }],
    },
    'prompts/test_prompt_with_embedded_resource': {
      description: 'With a resource.',
      arguments: [{ name: 'resourceUri', description: 'URI of the resource to embed', required: true }],
      messages: [
        { role: user, resource: { uri: '{{resourceUri}}', mimeType: 'text/plain', text } },
        { role: user, text: 'Please process the embedded resource above.' },
      ],
    },
    'prompts/test_input_required_result_prompt': {
      description: 'Asks for what it needs.',
      arguments: [{ name: 'context' }],
      messages: [{ role: user, text: 'With this context: {{context}}' }],
    },
    'prompts/test_prompt_with_image': {
      description: 'With an image.',
      messages: [
        { role: user, image },
        { role: user, text: 'Please analyze the image above.' },
      ],
    },
  }
}

function typed(type: string, body: Answer['body']): Answer {
  return { type, body }
}

const SCHEMA = {
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
}

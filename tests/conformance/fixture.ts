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
  test_error_handling: { ...typed('text/plain', 'This tool intentionally returns an error for testing'), status: 500 },
  json_schema_2020_12_tool: typed('application/json', '{}'),
  test_tool_with_progress: typed('application/x-ndjson', ['{"done":0}\n', '{"done":50}\n', '{"done":100}\n']),
}

export function startFixture(): Promise<OnLoopback> {
  const server = createServer(async ({ url }, response) => {
    const { status = 200, type, body } = ANSWERS[url!.slice(1)] ?? { status: 404, ...typed('text/plain', 'nothing') }
    response.writeHead(status, { 'content-type': type })
    for (const part of Array.isArray(body) ? body : [body]) {
      response.write(part)
      await pause(Array.isArray(body) ? 50 : 0)
    }
    response.end()
  })
  return onLoopback(server)
}

export function fixtureDocument(url: string): string {
  const paths = Object.fromEntries(
    Object.keys(ANSWERS).map((operationId) => {
      const isPost = operationId === 'json_schema_2020_12_tool'
      const requestBody = { required: true, content: { 'application/json': { schema: SCHEMA } } }
      const operation = { operationId, responses: { 200: { description: 'as the suite has it' } } }
      return [`/${operationId}`, isPost ? { post: { ...operation, requestBody } } : { get: operation }]
    }),
  )
  return JSON.stringify({ openapi: '3.1.0', info: { title: 'Conformance', version: '1' }, servers: [{ url }], paths })
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

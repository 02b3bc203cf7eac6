import { createServer, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { type OnLoopback, onLoopback } from '../../support/on-loopback.ts'
import { TASK, type TaskCall } from '../client.ts'

/** What a model is told at a turn. */
export interface Turn {
  /** The names of the tools that it may call. */
  readonly offered: readonly string[]
  /** The texts of the results of its calls, in order. */
  readonly results: readonly string[]
  /** Whether it has to search for tools before it may call them. */
  readonly isSearching?: boolean
}

/** What a model does at a turn. */
export type Move = { readonly name: string; readonly arguments: TaskCall['arguments'] } | { readonly text: string }

/** How an API of models is spoken. */
export interface Dialect {
  /** Undefined where the request is for something else. */
  read(path: string, body: never): Turn | undefined
  /** One event of a stream each. */
  events(move: Move): readonly object[]
  /** What a client gets that asks for no stream. */
  whole(move: Move): object
  isStreaming(path: string, body: never): boolean
  /** The events of a search for tools by words, where products have one. */
  search?(words: string): readonly object[]
}

/** A model API on loopback whose model does the task, then says what it read. */
export interface ScriptedModel extends OnLoopback {
  /** The last turn at which the tools were offered. */
  readonly turn: () => Turn
}

/** `nameOf`: by what name the model knows a tool. */
export async function startModel(dialect: Dialect, nameOf: (tool: string) => string): Promise<ScriptedModel> {
  let last: Turn = { offered: [], results: [] }
  const server = createServer(async (request, response) => {
    const sent = await text(request)
    const path = request.url!
    const body = (sent === '' ? {} : JSON.parse(sent)) as never
    const turn = request.method === 'POST' ? dialect.read(path, body) : undefined
    if (!turn) return void response.writeHead(404, { 'content-type': 'application/json' }).end('{}')
    if (turn.isSearching) return stream(response, dialect.search!('book'))
    const isOurs = turn.offered.includes(nameOf(TASK.read.tool))
    if (isOurs) last = turn
    // Products ask models for more than turns, as for the title of a conversation.
    const move = isOurs ? moveAt(turn, nameOf) : { text: 'A book' }
    if (dialect.isStreaming(path, body)) stream(response, dialect.events(move))
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(dialect.whole(move)))
  })
  return { ...(await onLoopback(server)), turn: () => last }
}

function moveAt({ results }: Turn, nameOf: (tool: string) => string): Move {
  const call = Object.values(TASK)[results.length]
  return call ? { name: nameOf(call.tool), arguments: call.arguments } : { text: results[0]! }
}

function stream(response: ServerResponse, events: readonly object[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const event of events) {
    const name = 'type' in event ? `event: ${event.type}\n` : ''
    response.write(`${name}data: ${JSON.stringify(event)}\n\n`)
  }
  response.end()
}

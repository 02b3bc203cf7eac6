import {
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { type GivenInputs, type InputRequest, type InputsWanted, isWanted } from '../inputs-wanted.ts'
import type { CallRequest } from '../mcp-session.ts'
import { missingFor } from '../wire/askable.ts'
import { keepState, type StatedRequest, takeState } from '../wire/request-state.ts'
import { callRequest, type Exchange } from './exchange.ts'

type Run<T> = (request: CallRequest) => Promise<T | InputsWanted>

/** More rounds than that are a fault of what asks. */
const MOST_ROUNDS = 8

/**
 * Runs what may need something of the client. In 2026-07-28 that ends the request, and the client makes it again with what it was
 * asked for; before, the client is asked on the stream of the request, which goes on.
 */
export function withInputs<T extends object | undefined>(
  server: Server,
  exchange: Exchange,
  context: ServerContext,
  { name, args, run }: Omit<StatedRequest, 'method'> & { readonly run: Run<T> },
): Promise<T | InputRequiredResult> {
  const request = { method: context.mcpReq.method, name, args }
  return exchange.settled.era === 'modern'
    ? inRequests(exchange, context, request, run)
    : onStream(server, exchange, context, run)
}

async function inRequests<T extends object | undefined>(
  exchange: Exchange,
  context: ServerContext,
  request: StatedRequest,
  run: Run<T>,
): Promise<T | InputRequiredResult> {
  const { states } = exchange.session
  const { inputResponses: inputs = {}, requestState } = context.mcpReq
  const handle = requestState<string>()
  const kept = handle === undefined ? undefined : await takeState(states, request, handle)
  if (handle !== undefined && !kept) throw new ProtocolError(ProtocolErrorCode.InvalidParams, NO_STATE)
  const answer = await run({ ...callRequest(exchange, context), given: { inputs, ...kept } })
  if (!isWanted(answer)) return answer
  const state = answer.state === undefined ? undefined : await keepState(states, request, answer.state)
  return {
    resultType: 'input_required',
    inputRequests: answer.wanted,
    ...(state === undefined ? {} : { requestState: state }),
  } as unknown as InputRequiredResult
}

const NO_STATE = 'The requestState is not valid: it was used, its time is over, or it is of another request. Call anew.'

async function onStream<T extends object | undefined>(
  server: Server,
  exchange: Exchange,
  context: ServerContext,
  run: Run<T>,
): Promise<T> {
  const request = callRequest(exchange, context)
  let given: GivenInputs = { inputs: {} }
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const answer = await run({ ...request, given })
    if (!isWanted(answer)) return answer
    const inputs: Record<string, unknown> = {}
    for (const [key, wanted] of Object.entries(answer.wanted))
      inputs[key] = await askOnStream(server, exchange, context, wanted)
    given = { inputs, state: answer.state }
  }
  throw new ProtocolError(
    ProtocolErrorCode.InternalError,
    `The client was asked ${MOST_ROUNDS} times, and no answer came of it.`,
  )
}

/** @throws ProtocolError where the client cannot be asked that */
async function askOnStream(
  server: Server,
  { session, signal, asks, askable }: Exchange,
  { mcpReq }: ServerContext,
  wanted: InputRequest,
): Promise<unknown> {
  const missing = missingFor(wanted, askable)
  if (missing !== undefined)
    throw new ProtocolError(ProtocolErrorCode.InvalidRequest, `This needs a client with the capability ${missing}.`)
  const { id, answer } = asks.open(session.principal, signal)
  await server.transport!.send({ jsonrpc: '2.0', id, ...wanted }, { relatedRequestId: mcpReq.id })
  return answer
}

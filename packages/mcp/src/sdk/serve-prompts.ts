import { isInputRequiredResult, ProtocolError, ProtocolErrorCode, type Server } from '@modelcontextprotocol/server'
import type { CatalogPrompt } from '@sluice/contract'
import type { CallRequest } from '../mcp-session.ts'
import { encodePrompt, fillPrompt, missingArguments } from '../wire/fill-prompt.ts'
import { type Exchange, pageOf } from './exchange.ts'
import { internalError } from './internal-error.ts'
import { withInputs } from './with-inputs.ts'

/** Answers what is asked of prompts. */
export function servePrompts(server: Server, exchange: Exchange): void {
  const { session, onBug } = exchange
  server.setRequestHandler('prompts/list', ({ params }) => {
    const { items, ...more } = pageOf(session.listPrompts(), params?.cursor, ({ name }) => name)
    return { ...more, prompts: items.map(encodePrompt) }
  })
  server.setRequestHandler('prompts/get', async ({ params: { name, arguments: given = {} } }, context) => {
    const prompt = promptOf(session.listPrompts(), name)
    const missing = missingArguments(prompt, given)
    if (missing.length > 0) {
      const told = missing.map((argument) => `"${argument}"`).join(', ')
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `The prompt "${name}" needs ${told}.`)
    }
    const { completePrompt } = session
    if (!completePrompt) return fillPrompt(prompt, given)
    const run = (request: CallRequest) => completePrompt(name, request).catch(internalError(onBug))
    const more = await withInputs(server, exchange, context, { name, args: given, run })
    return isInputRequiredResult(more) ? more : fillPrompt(prompt, { ...given, ...more.values })
  })
}

/** @throws ProtocolError where there is none */
export function promptOf(prompts: readonly CatalogPrompt[], name: string): CatalogPrompt {
  const prompt = prompts.find((one) => one.name === name)
  if (!prompt) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no prompt "${name}" here.`)
  return prompt
}

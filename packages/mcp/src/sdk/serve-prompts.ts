import { ProtocolError, ProtocolErrorCode, type Server } from '@modelcontextprotocol/server'
import type { CatalogPrompt } from '@sluice/contract'
import { encodePrompt, fillPrompt, missingArguments } from '../wire/fill-prompt.ts'
import { type Exchange, pageOf } from './exchange.ts'

/** Answers what is asked of prompts. */
export function servePrompts(server: Server, { session }: Exchange): void {
  server.setRequestHandler('prompts/list', ({ params }) => {
    const { items, ...more } = pageOf(session.listPrompts(), params?.cursor, ({ name }) => name)
    return { ...more, prompts: items.map(encodePrompt) }
  })
  server.setRequestHandler('prompts/get', ({ params: { name, arguments: given = {} } }) => {
    const prompt = promptOf(session.listPrompts(), name)
    const missing = missingArguments(prompt, given)
    if (missing.length > 0) {
      const told = missing.map((argument) => `"${argument}"`).join(', ')
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `The prompt "${name}" needs ${told}.`)
    }
    return fillPrompt(prompt, given)
  })
}

/** @throws ProtocolError where there is none */
export function promptOf(prompts: readonly CatalogPrompt[], name: string): CatalogPrompt {
  const prompt = prompts.find((one) => one.name === name)
  if (!prompt) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no prompt "${name}" here.`)
  return prompt
}

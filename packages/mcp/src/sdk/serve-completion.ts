import { ProtocolError, ProtocolErrorCode, type Server } from '@modelcontextprotocol/server'
import type { McpSession } from '../mcp-session.ts'
import { completion } from '../wire/completion.ts'
import type { Exchange } from './exchange.ts'
import { promptOf } from './serve-prompts.ts'

type Reference = { readonly type: 'ref/prompt'; readonly name: string } | { readonly type: 'ref/resource'; uri: string }

/** Answers what may stand for an argument of a prompt, or for an expression of a resource template. */
export function serveCompletion(server: Server, { session }: Exchange): void {
  server.setRequestHandler('completion/complete', ({ params: { ref, argument } }) => ({
    completion: completion(valuesFor(session, ref, argument.name), argument.value),
  }))
}

/** What has no values of its own has none to propose; what is not there is refused. */
function valuesFor(session: McpSession, ref: Reference, argument: string): readonly string[] {
  if (ref.type === 'ref/prompt') {
    const { arguments: args } = promptOf(session.listPrompts(), ref.name)
    return args.find(({ name }) => name === argument)?.values ?? []
  }
  const values = session.templateValues(ref.uri, argument)
  if (values) return values
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no resource template of this URI here.')
}

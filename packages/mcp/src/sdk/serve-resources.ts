import { isInputRequiredResult, ProtocolError, ProtocolErrorCode, type Server } from '@modelcontextprotocol/server'
import type { ListedResource } from '@sluice/contract'
import type { CallRequest } from '../mcp-session.ts'
import { encodeResource, encodeTemplate, isTemplate } from '../wire/encode-resource.ts'
import { NO_RESOURCE } from '../wire/unknown-resource.ts'
import { type Exchange, pageOf } from './exchange.ts'
import { internalError } from './internal-error.ts'
import { withInputs } from './with-inputs.ts'

/** Answers what is asked of resources. */
export function serveResources(server: Server, exchange: Exchange): void {
  const { session, onBug } = exchange
  server.setRequestHandler('resources/list', ({ params }) => {
    const all = session.listResources().filter((one) => !isTemplate(one))
    const { items, ...more } = pageOf(all, params?.cursor, keyOf)
    return { ...more, resources: items.map(encodeResource) }
  })
  server.setRequestHandler('resources/templates/list', ({ params }) => {
    const { items, ...more } = pageOf(session.listResources().filter(isTemplate), params?.cursor, keyOf)
    return { ...more, resourceTemplates: items.map(encodeTemplate) }
  })
  server.setRequestHandler('resources/read', async ({ params: { uri } }, context) => {
    const run = (request: CallRequest) => session.readResource(uri, request).catch(internalError(onBug))
    const read = await withInputs(server, exchange, context, { name: uri, args: {}, run })
    if (isInputRequiredResult(read)) return read
    if (!read) throw new ProtocolError(ProtocolErrorCode.InvalidParams, NO_RESOURCE, { uri })
    if (!read.ok) {
      const isFault = read.kind === 'arguments'
      const code = isFault ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError
      // With `uri` alone in its data, it would say that there is no such resource.
      throw new ProtocolError(code, read.message, { uri, kind: read.kind })
    }
    return { contents: [...read.contents] }
  })
}

/** No name has a space, so this is the order of names. */
function keyOf({ name, uri }: ListedResource): string {
  return `${name} ${uri}`
}

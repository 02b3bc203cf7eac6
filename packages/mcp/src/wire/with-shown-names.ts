import type { ClientProfile } from '@sluice/contract'
import type { McpSession } from '../mcp-session.ts'
import { ownName, shownName } from './shown-name.ts'

/** The session as a client sees it that takes only short names: each tool is called, and found, by what it is shown as. */
export function withShownNames(session: McpSession, client: ClientProfile): McpSession {
  if (client.nameChars === undefined) return session
  const names = () => session.listTools().map(({ name }) => name)
  const own = (shown: string) => ownName(shown, names, client)
  return {
    ...session,
    listTools: () =>
      session
        .listTools()
        .map((tool) => ({ ...tool, name: shownName(tool.name, client) }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    findTool: (name) => session.findTool(own(name)),
    callTool: (name, args, request) => session.callTool(own(name), args, request),
  }
}

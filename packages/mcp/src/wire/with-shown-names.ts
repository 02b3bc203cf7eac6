import type { ClientProfile, ListedTool } from '@sluice/contract'
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
        .map((tool) => renamed(tool, shownName(tool.name, client)))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    findTool: (name) => session.findTool(own(name)),
    callTool: (name, args, request) => session.callTool(own(name), args, request),
  }
}

/** In front of the tool and no copy, which would bring all of its schemas. */
function renamed(tool: ListedTool, name: string): ListedTool {
  return Object.create(tool, { name: { value: name, enumerable: true } })
}

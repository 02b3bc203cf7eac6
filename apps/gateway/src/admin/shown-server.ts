import type { Server } from '@sluice/contract'
import { chooseMode } from '@sluice/discovery'
import type { StoredServer } from '@sluice/store'
import { serverUrl } from '../client-snippets.ts'

/** A stored server with where it is reached, and how it offers its tools to who may use all of them. */
export function shownServer(server: StoredServer, publicUrl: string): Server {
  const { enabled, tokens } = server.tools
  return {
    ...server,
    offers: chooseMode(server.mode, { tools: enabled, tokens }),
    url: serverUrl(publicUrl, server.slug),
  }
}

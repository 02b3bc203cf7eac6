import { CLIENTS } from '../support/mcp-clients.ts'
import type { Client } from './client.ts'
import { runOfficial } from './official-v1.ts'

export const officialV2: Client = officialV2By('the v2 client, 2026-07-28')

/** As it behaves where nobody says otherwise. */
export const officialV2Handshake: Client = officialV2By('the v2 client, handshake era')

function officialV2By(kind: string): Client {
  return {
    package: '@modelcontextprotocol/client',
    isApart: false,
    toolName: (tool) => tool,
    results: 'the result as it is',
    run: async (target) => runOfficial(await CLIENTS[kind]!(target)),
  }
}

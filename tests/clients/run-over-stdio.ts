import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { asMcpClient } from '../support/mcp-clients.ts'
import { cleanEnv } from '../support/spawned.ts'
import type { Seen } from './client.ts'
import { runOfficial } from './official-v1.ts'

/** The task, by the official client over standard input and output of a bridge. */
export async function runOverStdio(args: readonly string[]): Promise<Seen> {
  const client = new ClientV1({ name: 'behind-a-bridge', version: '1.0.0' })
  const transport = new StdioClientTransport({ command: process.execPath, args: [...args], env: cleanEnv() })
  await client.connect(transport as unknown as Parameters<ClientV1['connect']>[0])
  return runOfficial(asMcpClient(client))
}

import { cleanEnv } from '../support/spawned.ts'
import { claudeCode, claudeEnv } from './claude-code.ts'
import type { Client } from './client.ts'
import { loadFrom } from './load-from.ts'
import { anthropicMessages } from './model/anthropic-messages.ts'
import { seenByModel } from './model/seen-by-model.ts'
import { startModel } from './model/start-model.ts'

export const claudeAgentSdk: Client = {
  package: '@anthropic-ai/claude-agent-sdk',
  isApart: true,
  toolName: claudeCode.toolName,
  results: claudeCode.results,
  run: async ({ install, url, accessKey }) => {
    const model = await startModel(anthropicMessages, claudeAgentSdk.toolName)
    const { query } = await loadFrom<AgentSdk>(install, claudeAgentSdk.package)
    const headers = { Authorization: `Bearer ${accessKey}` }
    const options = {
      mcpServers: { bookshop: { type: 'http', url, headers } },
      allowedTools: ['mcp__bookshop'],
      env: cleanEnv(claudeEnv(model.url)),
    }
    for await (const message of query({ prompt: 'Read a book.', options }))
      if (message.type === 'result')
        return seenByModel(model.turn(), message.result ?? JSON.stringify(message), 'mcp__')
    throw new Error('it ended without a result')
  },
}

interface AgentSdk {
  query(asked: object): AsyncIterable<{ readonly type: string; readonly result?: string }>
}

import { join } from 'node:path'
import type { Client } from './client.ts'
import { anthropicMessages } from './model/anthropic-messages.ts'
import { seenByModel } from './model/seen-by-model.ts'
import { startModel } from './model/start-model.ts'
import { runInShell } from './run-program.ts'

/** Told of the server as `sluice connect` says. */
export const claudeCode: Client = {
  package: '@anthropic-ai/claude-code',
  isApart: true,
  toolName: (tool) => `mcp__bookshop__${tool}`,
  results: 'the value alone, else the text',
  run: async ({ install, snippet }) => {
    const model = await startModel(anthropicMessages, claudeCode.toolName)
    // What its install script would put in its place is not there: packages are installed without running their scripts.
    const program = join(install, 'node_modules', claudeCode.package, 'cli-wrapper.cjs')
    const lines = `${snippet} >&2\nclaude -p 'Read a book.' --allowedTools mcp__bookshop`
    const said = await runInShell('claude', program, lines, claudeEnv(model.url))
    return seenByModel(model.turn(), said, 'mcp__')
  },
}

/** Its model is the one at `url`; tools are offered at once, and it waits for the server before the first turn. */
export function claudeEnv(url: string): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: 'none',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    ENABLE_TOOL_SEARCH: 'false',
    MCP_CONNECTION_NONBLOCKING: 'false',
  }
}

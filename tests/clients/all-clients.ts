import { aiSdk } from './ai-sdk.ts'
import { claudeAgentSdk } from './claude-agent-sdk.ts'
import { claudeCode } from './claude-code.ts'
import type { Client } from './client.ts'
import { codex } from './codex.ts'
import { geminiCli } from './gemini-cli.ts'
import { genkit } from './genkit.ts'
import { inspector } from './inspector.ts'
import { langchain } from './langchain.ts'
import { mastra } from './mastra.ts'
import { mcpRemote } from './mcp-remote.ts'
import { mcporter } from './mcporter.ts'
import { officialV1 } from './official-v1.ts'
import { officialV2, officialV2Handshake } from './official-v2.ts'
import { openaiAgents } from './openai-agents.ts'
import { strands } from './strands.ts'
import { supergateway } from './supergateway.ts'

/** By the name that `npm run clients -- <name>` knows each by; where one is installed apart, it is its folder's too. */
export const ALL_CLIENTS: Readonly<Record<string, Client>> = {
  'official-v1': officialV1,
  'official-v2': officialV2,
  'official-v2-handshake': officialV2Handshake,
  inspector,
  mcporter,
  'mcp-remote': mcpRemote,
  supergateway,
  'ai-sdk': aiSdk,
  'openai-agents': openaiAgents,
  langchain,
  mastra,
  strands,
  genkit,
  'claude-code': claudeCode,
  'claude-agent-sdk': claudeAgentSdk,
  codex,
  'gemini-cli': geminiCli,
}

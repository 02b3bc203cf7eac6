import { type ClientSnippet, PLACEHOLDERS } from '@sluice/contract'

interface Served {
  readonly slug: string
  /** Where the gateway is reached: the MCP URL is below it. */
  readonly publicUrl: string
  readonly accessKey?: string | undefined
}

/** Where a server is reached. */
export function serverUrl(publicUrl: string, slug: string): string {
  return `${publicUrl}/mcp/${slug}`
}

/** How each MCP client connects to a server: what to do with which text, and what is known of it. */
export function clientSnippets({ slug, publicUrl, accessKey = PLACEHOLDERS.accessKey }: Served): ClientSnippet[] {
  const url = serverUrl(publicUrl, slug)
  const header = `Authorization: Bearer ${accessKey}`
  const headers = { Authorization: `Bearer ${accessKey}` }
  const env = { SLUICE_URL: publicUrl, SLUICE_ACCESS_KEY: accessKey }
  const { node, sluice } = PLACEHOLDERS
  return [
    {
      ...tested('claude-code', 'Claude Code', 'Run'),
      text: `claude mcp add --transport http ${slug} ${url} --header "${header}"`,
    },
    {
      ...untested('claude-desktop', 'Claude Desktop', 'Put into claude_desktop_config.json (Settings, Developer)'),
      text: pretty({ mcpServers: { [slug]: { command: node, args: [sluice, 'stdio', slug], env } } }),
      note: 'It runs `sluice stdio` on its own machine. `sluice connect` fills in the paths.',
    },
    { ...untested('chatgpt', 'ChatGPT', 'Add as a connector'), text: url, note: CHATGPT },
    {
      ...untested('cursor', 'Cursor', 'Put into .cursor/mcp.json'),
      text: pretty({ mcpServers: { [slug]: { url, headers } } }),
    },
    {
      ...untested('vscode', 'VS Code', 'Put into .vscode/mcp.json'),
      text: pretty({ servers: { [slug]: { type: 'http', url, headers } } }),
    },
    {
      ...tested('codex', 'Codex', 'Put into ~/.codex/config.toml'),
      text: `[mcp_servers.${slug}]\nurl = "${url}"\nhttp_headers = { Authorization = "Bearer ${accessKey}" }`,
    },
    {
      ...tested('gemini-cli', 'Gemini CLI', 'Run'),
      text: `gemini mcp add --transport http ${slug} ${url} --header "${header}"`,
    },
    {
      ...tested('generic-http', 'Any client that speaks HTTP', 'Run'),
      text: `curl ${url} -H '${header}' -H 'content-type: application/json' -H 'accept: application/json, text/event-stream' -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'`,
    },
    {
      ...tested('generic-stdio', 'Any client that starts a program', 'Configure'),
      text: pretty({ command: node, args: [sluice, 'stdio', slug], env }),
      note: 'It runs on the client’s machine. `sluice connect` fills in the paths.',
    },
  ]
}

const CHATGPT =
  'It needs a public HTTPS URL and OAuth: `sluice issuer add` names the issuer. A server that takes access keys only cannot be connected.'

function untested(client: string, title: string, how: string) {
  return { client, title, how, tested: false, note: null as string | null }
}

/** The text is used as it is, by tests/journeys/clients.test.ts or by `npm run clients`. */
function tested(client: string, title: string, how: string) {
  return { ...untested(client, title, how), tested: true }
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

import type { ClientSnippet } from '@sluice/contract'

/** Configuration to paste into MCP clients, for one server and key. Values are commands or the text of a file. */
export function clientSnippets(server: {
  readonly slug: string
  readonly url: string
  readonly accessKey: string
}): Record<string, string> {
  const { slug, url, accessKey } = server
  const headers = { Authorization: `Bearer ${accessKey}` }
  return {
    claudeCode: `claude mcp add --transport http ${slug} ${url} --header "Authorization: Bearer ${accessKey}"`,
    cursor: JSON.stringify({ mcpServers: { [slug]: { url, headers } } }),
    vscode: JSON.stringify({ servers: { [slug]: { type: 'http', url, headers } } }),
    geminiCli: `gemini mcp add --transport http ${slug} ${url} --header "Authorization: Bearer ${accessKey}"`,
    codex: `[mcp_servers.${slug}]\nurl = "${url}"\nhttp_headers = { Authorization = "Bearer ${accessKey}" }`,
    generic: `POST ${url} with the header Authorization: Bearer ${accessKey}`,
  }
}

/** Where a server is reached. */
export function serverUrl(publicUrl: string, slug: string): string {
  return `${publicUrl}/mcp/${slug}`
}

/** The same for people: what to do with each text, and what is known of the client. */
export function clientSnippetList(server: {
  readonly slug: string
  readonly url: string
  readonly accessKey: string
}): ClientSnippet[] {
  const { slug, url, accessKey } = server
  const texts = clientSnippets(server)
  const header = `Authorization: Bearer ${accessKey}`
  const curl = `curl ${url} -H '${header}' -H 'content-type: application/json' -H 'accept: application/json, text/event-stream' -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'`
  const snippet = (client: string, title: string, how: string, text: string, note: string | null = null) => {
    return { client, title, how, text, tested: false, note }
  }
  return [
    snippet('claude-code', 'Claude Code', 'Run', texts.claudeCode!),
    snippet('cursor', 'Cursor', 'Put into ~/.cursor/mcp.json', pretty(texts.cursor!)),
    snippet('vscode', 'VS Code', 'Put into .vscode/mcp.json', pretty(texts.vscode!)),
    snippet('codex', 'Codex', 'Put into ~/.codex/config.toml', texts.codex!),
    snippet('gemini-cli', 'Gemini CLI', 'Run', texts.geminiCli!),
    snippet('chatgpt', 'ChatGPT', 'Add as a connector', url, CHATGPT),
    snippet('generic-http', `Any client that speaks HTTP (${slug})`, 'Run', curl),
  ]
}

const CHATGPT = 'It needs a public HTTPS URL and OAuth; a server that takes access keys only cannot be connected.'

function pretty(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 2)
}

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

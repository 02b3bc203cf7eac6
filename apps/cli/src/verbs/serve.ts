import { parseArgs } from 'node:util'
import { createObserve, loadConfig, type ServedCatalog, serveCatalog, stopped } from '@sluice/gateway'
import { print, safe, table } from '../print.ts'
import { readCredential } from '../read-credential.ts'
import { readDocument } from '../read-document.ts'
import { UsageFault, type Verb } from '../verb.ts'
import { startVerb } from './start.ts'

export const serve: Verb = {
  help: `sluice serve [<file|url|->] [--base-url URL] [--credential-file FILE] [--json]

Serves one OpenAPI document as an MCP server on loopback, from memory: nothing is stored.

  sluice serve my-api.yaml
  sluice serve https://petstore3.swagger.io/api/v3/openapi.json
  sluice serve my-api.yaml --base-url http://localhost:3000 --credential-file token.txt`,
  async run(argv) {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { 'base-url': { type: 'string' }, 'credential-file': { type: 'string' }, json: { type: 'boolean' } },
    })
    const [source, ...more] = positionals
    if (more.length > 0) throw new UsageFault('One document is served at a time.')
    if (source === undefined) return startVerb.run([])
    const baseUrl = values['base-url']
    const request = {
      ...(await readDocument(source)),
      ...readCredential(values['credential-file']),
      ...(baseUrl ? { baseUrl } : {}),
    }
    const observe = createObserve(values.json ? 'silent' : 'text', (line) => void process.stderr.write(line))
    const served = await serveCatalog(request, loadConfig(), observe)
    print(values.json ? JSON.stringify(asJson(served)) : asText(served))
    await stopped(served)
    return 0
  },
}

function asJson({ spec, baseUrl, mcpUrl, accessKey, clients }: ServedCatalog) {
  const tools = spec.operations.map(({ name, method, path, tokens }) => ({ name, method, path, tokens }))
  return { url: mcpUrl, accessKey, baseUrl, tools, coverage: spec.coverage, diagnostics: spec.diagnostics, clients }
}

const MOST_TOOLS = 12

function asText({ spec, baseUrl, mcpUrl, accessKey, clients }: ServedCatalog): string {
  const { operations, diagnostics, coverage } = spec
  const tokens = operations.reduce((sum, operation) => sum + operation.tokens, 0)
  const rows = operations.slice(0, MOST_TOOLS).map(({ name, method, path }) => ['', name, `${method} ${path}`])
  const rest = operations.length - rows.length
  return `
${safe(spec.title)}: ${coverage.imported} of ${coverage.operations} operations are tools, their list costs ${tokens} tokens
${table(rows)}${rest > 0 ? `\n  … and ${rest} more` : ''}
${diagnostics.length > 0 ? `${diagnostics.length} notes on the document: sluice check shows them\n` : ''}
Calls go to ${baseUrl}
MCP URL     ${mcpUrl}
Access key  ${accessKey}

Claude Code:
${clients.claudeCode}
Cursor (.cursor/mcp.json):
${clients.cursor}
VS Code (.vscode/mcp.json):
${clients.vscode}

Serving until Ctrl-C.`
}

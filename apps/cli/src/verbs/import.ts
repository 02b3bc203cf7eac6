import { parseArgs } from 'node:util'
import type { ImportReport } from '@sluice/contract'
import { withGateway } from '../connect.ts'
import { print, safe, table } from '../print.ts'
import { readCredential } from '../read-credential.ts'
import { readDocument } from '../read-document.ts'
import { UsageFault, type Verb } from '../verb.ts'

export const importVerb: Verb = {
  help: `sluice import <file|url|-> [--server SLUG] [--upstream SLUG] [--base-url URL] [--credential-file FILE]
              [--allow HOST]… [--enable all|none|tag:NAME]… [--dry-run] [--json]

Makes an upstream, its tools, a server and an access key, all at once; importing again updates them.

  sluice import bookshop.yaml --server bookshop
  sluice import https://api.example.com/openapi.json --credential-file token.txt
  sluice import local.yaml --base-url http://localhost:3000 --allow localhost:3000
  sluice import big.json --enable tag:orders --enable tag:customers
  sluice import bookshop.yaml --dry-run`,
  async run(argv) {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        server: { type: 'string' },
        upstream: { type: 'string' },
        'base-url': { type: 'string' },
        'credential-file': { type: 'string' },
        allow: { type: 'string', multiple: true },
        enable: { type: 'string', multiple: true },
        'dry-run': { type: 'boolean' },
        json: { type: 'boolean' },
      },
    })
    const [source, ...more] = positionals
    if (source === undefined || more.length > 0) throw new UsageFault('Name one document to import.')
    const query = new URLSearchParams({ commit: String(!values['dry-run']) })
    if (values.server) query.set('server', values.server)
    if (values.upstream) query.set('upstream', values.upstream)
    const body = {
      ...(await readDocument(source)),
      ...readCredential(values['credential-file']),
      ...(values['base-url'] ? { baseUrl: values['base-url'] } : {}),
      ...(values.allow ? { allow: values.allow } : {}),
      ...(values.enable ? { enable: enableChoice(values.enable) } : {}),
    }
    const report = await withGateway((api) => api.request<ImportReport>('POST', `/imports?${query}`, body))
    print(values.json ? JSON.stringify(report) : asText(report))
    return 0
  },
}

function enableChoice(given: string[]): 'all' | 'none' | { tags: string[] } {
  if (given.length === 1 && (given[0] === 'all' || given[0] === 'none')) return given[0]
  const tags = given.map((text) => /^tag:(.+)$/.exec(text)?.[1])
  if (tags.some((tag) => tag === undefined))
    throw new UsageFault('--enable takes all, none, or tag:NAME (as often as wanted).')
  return { tags: tags as string[] }
}

const MOST_ROWS = 20

function asText(report: ImportReport): string {
  const { plan, tools, diagnostics, suggestion, clients } = report
  const enabled = tools.filter((tool) => tool.enabled)
  const rows = enabled.slice(0, MOST_ROWS).map(({ name, method, path }) => ['', name, `${method} ${path}`])
  const more = enabled.length - rows.length
  const parts = [
    safe(`${report.title} (OpenAPI ${report.declaredVersion}) at ${report.upstream.baseUrl}`),
    `${plan.added} added, ${plan.changed} changed, ${plan.removed} removed, ${plan.unchanged} unchanged; ${report.coverage.skipped} left out, ${diagnostics.length} notes`,
    `${enabled.length} of ${tools.length} tools enabled, their list costs ${report.listTokens} tokens`,
    ...diagnostics
      .filter(({ code }) => code === 'base-url-refused' || code === 'credential-missing')
      .map(({ message }) => safe(message)),
    ...(rows.length > 0 ? [table(rows) + (more > 0 ? `\n  … and ${more} more` : '')] : []),
    ...(suggestion ? [suggestText(suggestion)] : []),
    ...(report.committed
      ? [
          `MCP URL     ${report.url}`,
          `Access key  ${report.accessKey ?? 'as before; `sluice key create` makes another'}`,
        ]
      : ['Nothing was stored (--dry-run).']),
    ...(report.accessKey ? [`Claude Code: ${clients.claudeCode}`] : []),
  ]
  return parts.join('\n')
}

function suggestText({ reason, enable, tags }: NonNullable<ImportReport['suggestion']>): string {
  const rows = tags.slice(0, MOST_ROWS).map(({ tag, tools, tokens }) => ['', tag, `${tools} tools`, `${tokens} tokens`])
  const choice = enable.tags.map((tag) => `--enable ${JSON.stringify(`tag:${tag}`)}`).join(' ')
  return `${reason}\n${table(rows)}${choice ? `\nThat fits together: ${safe(choice)}` : ''}`
}

import type { EnableRule, ImportReport, ImportRequest } from '@sluice/contract'
import { type AdminApi, type Query, queryText } from '../admin-api.ts'
import { confirmed, working } from '../ask.ts'
import { textFor } from '../client-text.ts'
import { command, Ended, given, several, UsageFault } from '../command.ts'
import { withGateway } from '../connect.ts'
import { weightiestText } from '../diagnostic-text.ts'
import { answer, count, paint, print, safe, table } from '../print.ts'
import { readCredential } from '../read-credential.ts'
import { readDocument, readText } from '../read-document.ts'
import { jsonText } from './call.ts'

export function importCommand() {
  return command('import', 'import a document: its tools, a server and an access key', [
    'sluice import bookshop.yaml --server bookshop',
    'sluice import bookshop.yaml --dry-run',
    'sluice import https://api.example.com/openapi.json --credential-file token.txt --yes',
    'sluice import local.yaml --base-url http://localhost:3000 --allow localhost:3000',
    'sluice import big.json --enable tag:orders --enable tag:customers',
  ])
    .addHelpText(
      'after',
      '\nShows what would change and asks. Importing again updates what is there, all of it or nothing.',
    )
    .argument('<document>', 'a file, a folder or zip of files, a URL, or - for standard input')
    .option('--server <slug>', 'the server to put its tools on; by default named like the document')
    .option('--upstream <slug>', 'the upstream to update; by default named like the document')
    .option('--base-url <url>', 'where the API lies, if the document does not say or says it wrong')
    .option('--credential-file <file>', 'its key or token, or JSON such as {"username": "…", "password": "…"}')
    .option('--allow <host>', 'a private host or CIDR range that calls may reach', several)
    .option(
      '--enable <choice>',
      'all, none, or what fits: tag:NAME, path:GLOB, method:GET, operation:GLOB, deprecated, read-only; with ! before it what does not (as often as wanted; the first that fits decides)',
      several,
    )
    .option(
      '--overlay <file>',
      'an Overlay document, applied now and at each later import; an empty file takes it away',
    )
    .option(
      '--fetch-headers <file>',
      'JSON of the headers that fetch the document, such as {"Authorization": "…"}; kept for its refreshes',
    )
    .option('--accept', 'agree to all changes, so that none is held')
    .option('--entry <path>', 'the file to begin with, in a folder or zip')
    .option('--external-refs <origin>', 'an origin that references of the document may lead to', several)
    .option('--dry-run', 'only show what would change')
    .option('-y, --yes', 'do it without asking')
    .action(async (source, options) => {
      const { json, yes, dryRun, server, upstream } = options
      if (json && !yes && !dryRun) throw new UsageFault('With --json nobody is asked: add --yes or --dry-run.')
      const body = {
        ...(await readDocument(source)),
        ...readCredential(options.credentialFile),
        ...given({
          baseUrl: options.baseUrl,
          allow: options.allow,
          entry: options.entry,
          overlay: options.overlay === undefined ? undefined : readText(options.overlay),
          accept: options.accept,
          fetchHeaders:
            options.fetchHeaders === undefined
              ? undefined
              : JSON.parse(jsonText(readText(options.fetchHeaders), options.fetchHeaders)),
          externalRefs: options.externalRefs,
        }),
        ...(options.enable ? { enable: enableChoice(options.enable) } : {}),
      }
      await withGateway(async (api) => {
        const plan = yes ? undefined : await send(api, { server, upstream }, body)
        if (plan) answer(options, plan, () => planText(plan))
        if (dryRun) return json || print('Nothing was stored (--dry-run).')
        if (!(await confirmed('Store this?', yes))) return refuse()
        const report = await send(api, { server, upstream, commit: true, plan: plan?.plan.id }, body)
        answer(options, report, () => (plan ? '' : `${planText(report)}\n`) + doneText(report))
      })
    })
}

function send(
  api: AdminApi,
  query: Query,
  body: { readonly bytes?: Uint8Array; readonly [field: string]: unknown },
): Promise<ImportReport> {
  const what = query.commit ? 'Storing it' : 'Reading the document'
  const path = `/imports${queryText(query)}`
  const { bytes, ...fields } = body
  return working(what, () => (bytes ? api.form(path, bytes, fields) : api.request('POST', path, body)))
}

function refuse(): never {
  print('Nothing was stored.')
  throw new Ended(1)
}

type EnableChoice = NonNullable<ImportRequest['enable']>

function enableChoice(given: readonly string[]): EnableChoice {
  if (given.length === 1 && (given[0] === 'all' || given[0] === 'none')) return given[0]
  return { rules: given.map(ruleOf) }
}

/** `tag:orders`, `!path:/admin/**`, `read-only`. */
function ruleOf(text: string): EnableRule {
  const [, not, kind, value = ''] = /^(!?)(tag|path|method|operation|deprecated|read-only)(?::(.+))?$/.exec(text) ?? []
  const isBare = kind === 'deprecated' || kind === 'read-only'
  if (kind === undefined || isBare === (value !== ''))
    throw new UsageFault(
      `--enable ${text}: give all, none, tag:NAME, path:GLOB, method:GET, operation:GLOB, deprecated or read-only.`,
    )
  const rules: Record<string, EnableRule> = {
    tag: { tags: [value] },
    path: { path: value },
    method: { methods: [value] },
    operation: { operationId: value },
    deprecated: { deprecated: true },
    'read-only': { readOnly: true },
  }
  return not ? { enable: false, ...rules[kind] } : rules[kind]!
}

const MOST_ROWS = 40
const MOST_NOTES = 12
const MARKS = { added: '+', changed: '~', moved: '~', removed: '-', unchanged: ' ' } as const
const COLOURS = { '+': 'green', '~': 'yellow', '-': 'red' } as const

/** What changes, tool by tool, and what that comes to. */
function planText(report: ImportReport): string {
  const { plan, tools, diagnostics, suggestion } = report
  const enabled = tools.filter((tool) => tool.enabled)
  return [
    safe(`${report.title} (OpenAPI ${report.declaredVersion}) at ${report.upstream.baseUrl}`),
    ...changeTable(tools),
    `${plan.added} added, ${plan.changed} changed, ${plan.moved} moved, ${plan.removed} removed, ${plan.unchanged} unchanged; ${report.coverage.skipped} left out, ${count(diagnostics.length, 'note')}`,
    `${enabled.length} of ${count(tools.length, 'tool')} enabled, their list costs ${report.listTokens} tokens`,
    ...weightiestText(diagnostics, MOST_NOTES, elsewhere(report)),
    ...(plan.held > 0
      ? [
          `${count(plan.held, 'change')} of enabled tools will wait until somebody agrees: sluice tools review, sluice tools agree. --accept agrees now.`,
        ]
      : []),
    ...(suggestion ? [suggestText(suggestion)] : []),
  ].join('\n')
}

function elsewhere({ committed, upstream }: ImportReport): string {
  if (!committed) return '--dry-run --json shows all'
  return `sluice upstreams revision shows all, of the newest that sluice upstreams revisions ${upstream.slug} lists`
}

function changeTable(tools: ImportReport['tools']): string[] {
  const changed = tools.filter(({ change }) => change !== 'unchanged')
  if (changed.length === 0) return []
  const rows = changed
    .slice(0, MOST_ROWS)
    .map(({ change, name, method, path, enabled, tokens, note, held }) => [
      MARKS[change],
      name,
      `${method} ${path}`,
      `${tokens} tokens`,
      enabled ? 'enabled' : '',
      note ? `${note.risk}${held ? ', held' : ''}: ${note.details[0] ?? 'nothing that a model sees'}` : '',
    ])
  const more = changed.length - rows.length
  return [...table(rows).split('\n').map(colourLine), ...(more > 0 ? [`  … and ${more} more`] : [])]
}

function colourLine(line: string): string {
  const colour = COLOURS[line[0] as keyof typeof COLOURS]
  return colour ? paint(colour, line) : line
}

function doneText({ url, accessKey, server, clients }: ImportReport): string {
  return [
    `MCP URL     ${url}`,
    `Access key  ${accessKey ?? 'as before; `sluice key create` makes another'}`,
    ...(accessKey ? [textFor('claude-code', clients), `Other clients: sluice connect ${server.slug}`] : []),
  ].join('\n')
}

function suggestText({ reason, enable, tags }: NonNullable<ImportReport['suggestion']>): string {
  const rows = tags
    .slice(0, MOST_ROWS)
    .map(({ tag, tools, tokens }) => ['', tag, count(tools, 'tool'), `${tokens} tokens`])
  const choice = enable.tags.map((tag) => `--enable ${JSON.stringify(`tag:${tag}`)}`).join(' ')
  return `${reason}\n${table(rows)}${choice ? `\nThat fits together: ${safe(choice)}` : ''}`
}

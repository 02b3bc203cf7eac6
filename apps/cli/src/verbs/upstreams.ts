import type { SpecRevision, SpecRevisionDetail, Upstream, UpstreamPolicy } from '@sluice/contract'
import { at } from '../admin-api.ts'
import { confirmed } from '../ask.ts'
import { changesOf, command, Ended, given, group, several, UsageFault } from '../command.ts'
import { withGateway } from '../connect.ts'
import { diagnosticText } from '../diagnostic-text.ts'
import { answer, count, fields, listing, notesText, print, safe } from '../print.ts'
import { wholeNumber } from '../whole-number.ts'
import { stepEdits, stepsText, withStepOptions } from './step-edits.ts'

export function upstreamCommands() {
  return group('upstreams', 'the APIs behind the tools', [
    list(),
    show(),
    create(),
    edit(),
    allow(),
    refresh(),
    revisions(),
    revision(),
    document(),
    remove(),
  ])
}

function list() {
  return command('list', 'list the upstreams', ['sluice upstreams list']).action(async (options) => {
    const items = await withGateway((api) => api.list<Upstream>('/upstreams'))
    const rows = items.map(({ slug, name, baseUrl, tools }) => [slug, name, baseUrl, toolsOf(tools)])
    answer(options, { items }, () =>
      listing(
        rows,
        ['UPSTREAM', 'NAME', 'BASE URL', 'TOOLS'],
        'There are no upstreams. Import one: sluice import my-api.yaml',
      ),
    )
  })
}

function show() {
  return command('show', 'say all that is known of one', ['sluice upstreams show bookshop'])
    .argument('<upstream>')
    .action(async (slug, options) => {
      const upstream = await withGateway((api) => api.request<Upstream>('GET', at`/upstreams/${slug}`))
      answer(options, upstream, () => upstreamText(upstream))
    })
}

function create() {
  return command('create', 'make an upstream without a document, for tools made by hand', [
    'sluice upstreams create "Order service" --base-url https://orders.example.com/v1',
  ])
    .argument('<name>')
    .requiredOption('--base-url <url>', 'where the API lies')
    .option('--slug <slug>', 'how it is named in URLs and commands')
    .action(async (name, { baseUrl, slug, ...options }) => {
      const body = { name, baseUrl, ...given({ slug }) }
      const upstream = await withGateway((api) => api.request<Upstream>('POST', '/upstreams', body))
      answer(options, upstream, () => upstreamText(upstream))
    })
}

function edit() {
  return withStepOptions(
    command('edit', 'change its name, slug, base URL or steps, when its document is fetched again, what waits', [
      'sluice upstreams edit bookshop --base-url https://api.example.com/v2',
      'sluice upstreams edit bookshop --refresh-minutes 60 --hold-changes all',
      'sluice upstreams edit bookshop --refresh-minutes never',
      'sluice upstreams edit bookshop --redact email --redact card',
    ]),
  )
    .option('--response-filter <jmespath>', 'what is kept of each answer, before the tool’s own; none: all')
    .option('--follow-redirects <yes|no>', 'whether redirects to the same origin are followed')
    .option('--forward-header <name>', 'a header of the MCP client that is passed on; none: no header', several)
    .argument('<upstream>')
    .option('--name <name>')
    .option('--slug <slug>')
    .option('--base-url <url>')
    .option(
      '--hold-changes <policy>',
      'which changes of enabled tools wait: none, review (those that are not safe) or all',
    )
    .option('--refresh-minutes <minutes>', 'how often its document is fetched again; never: not by itself')
    .action(async (slug, options) => {
      const {
        refreshMinutes,
        responseFilter,
        requestInterceptor,
        responseInterceptor,
        redact,
        followRedirects,
        forwardHeader,
        ...plain
      } = changesOf(options)
      const changes = {
        ...plain,
        ...(refreshMinutes === undefined ? {} : { refreshMinutes: minutesOf(refreshMinutes) }),
        ...(responseFilter === undefined ? {} : { responseFilter: responseFilter === 'none' ? null : responseFilter }),
      }
      const upstream = await withGateway((api) =>
        api.update<Upstream>(at`/upstreams/${slug}`, (current) => ({
          ...changes,
          ...stepEdits(current.steps, given({ requestInterceptor, responseInterceptor, redact })),
          ...policyEdits(current.policy, given({ followRedirects, forwardHeader })),
        })),
      )
      answer(options, upstream, () => upstreamText(upstream))
    })
}

/** The policy there was with what is said now; nothing where nothing is. */
function policyEdits(
  before: UpstreamPolicy,
  { followRedirects, forwardHeader }: { followRedirects?: string; forwardHeader?: readonly string[] },
): { policy?: UpstreamPolicy } {
  if (followRedirects === undefined && forwardHeader === undefined) return {}
  if (followRedirects !== undefined && !/^(yes|no)$/.test(followRedirects))
    throw new UsageFault('--follow-redirects is yes or no.')
  const headers = forwardHeader?.filter((name) => name !== 'none')
  return {
    policy: {
      ...before,
      ...(followRedirects === undefined ? {} : { followRedirects: followRedirects === 'yes' }),
      ...(headers === undefined ? {} : { forwardHeaders: headers }),
    },
  }
}

function minutesOf(text: string): number | null {
  return text === 'never' ? null : wholeNumber(text)
}

function refresh() {
  return command('refresh', 'fetch its document again and import it', ['sluice upstreams refresh bookshop'])
    .argument('<upstream>')
    .addHelpText('after', '\nEnds with 1 if it failed.')
    .action(async (slug, options) => {
      const refreshed = await withGateway((api) =>
        api.request<{ outcome: string }>('POST', at`/upstreams/${slug}/refresh`),
      )
      answer(options, refreshed, () => safe(refreshed.outcome))
      if (refreshed.outcome.startsWith('failed: ')) throw new Ended(1)
    })
}

function allow() {
  return command('allow', 'say which private hosts and ranges its calls may reach', [
    'sluice upstreams allow bookshop localhost:3000 10.1.0.0/16',
    'sluice upstreams allow bookshop    # none any more',
  ])
    .argument('<upstream>')
    .argument('[hosts...]', 'in place of all there were')
    .action(async (slug, hosts, options) => {
      const upstream = await withGateway((api) =>
        api.request<Upstream>('PUT', at`/upstreams/${slug}/egress-allowances`, { allow: hosts }),
      )
      answer(options, upstream, () => upstreamText(upstream))
    })
}

function revisions() {
  return command('revisions', 'list the documents that were imported', ['sluice upstreams revisions bookshop'])
    .argument('<upstream>')
    .action(async (slug, options) => {
      const items = await withGateway((api) => api.list<SpecRevision>(at`/upstreams/${slug}/spec-revisions`))
      const rows = items.map(({ id, createdAt, declaredVersion, bytes, coverage }) => [
        id,
        createdAt,
        `OpenAPI ${declaredVersion}`,
        `${bytes} bytes`,
        `${coverage.imported} of ${coverage.operations}`,
      ])
      answer(options, { items }, () =>
        listing(rows, ['REVISION', 'IMPORTED', 'VERSION', 'SIZE', 'OPERATIONS'], 'Nothing was imported into it.'),
      )
    })
}

function revision() {
  return command('revision', 'show one document that was imported, with what the importer had to say', [
    'sluice upstreams revision rev_01k…',
  ])
    .argument('<revision>', 'its id; `sluice upstreams revisions` shows it')
    .action(async (id, options) => {
      const found = await withGateway((api) => api.request<SpecRevisionDetail>('GET', at`/spec-revisions/${id}`))
      answer(options, found, () => revisionText(found))
    })
}

function revisionText(found: SpecRevisionDetail): string {
  const { id, upstream, sourceUrl, contentHash, bytes, declaredVersion, coverage, createdAt, diagnostics } = found
  const { operations, imported, withDiagnostics, skipped } = coverage
  const facts = {
    revision: id,
    upstream,
    imported: createdAt,
    version: `OpenAPI ${declaredVersion}`,
    size: `${bytes} bytes`,
    'SHA-256': contentHash,
    'fetched from': sourceUrl,
    operations: `${imported} of ${operations} (${withDiagnostics} with notes, ${skipped} left out)`,
  }
  const notes = diagnostics.length > 0 ? `Notes:\n${diagnostics.map(diagnosticText).join('\n')}` : 'No notes.'
  return `${fields(facts)}\n\n${notes}`
}

function document() {
  return command('document', 'print a document that was imported, byte for byte', [
    'sluice upstreams document rev_01k… > my-api.yaml',
  ])
    .argument('<revision>')
    .action(async (id, options) => {
      const bytes = await withGateway((api) => api.bytes(at`/spec-revisions/${id}/document`))
      if (options.json) print(JSON.stringify({ text: new TextDecoder().decode(bytes) }))
      else process.stdout.write(bytes)
    })
}

function remove() {
  return command('delete', 'delete an upstream with its tools and credentials', ['sluice upstreams delete bookshop'])
    .argument('<upstream>')
    .option('-y, --yes', 'do it without asking')
    .action((slug, options) =>
      withGateway(async (api) => {
        const { tools } = await api.request<Upstream>('GET', at`/upstreams/${slug}`)
        if (!(await confirmed(`Delete ${slug} with ${count(tools.total, 'tool')}?`, options.yes))) throw new Ended(1)
        await api.request('DELETE', at`/upstreams/${slug}`)
        answer(options, { deleted: slug }, () => `Deleted ${slug}.`)
      }),
    )
}

function upstreamText(upstream: Upstream): string {
  const { slug, name, baseUrl, allow, securitySchemes, tools, holdChanges, overlay, refreshMinutes, refresh } = upstream
  const { responseFilter, steps, policy, notes = [] } = upstream
  const facts = fields({
    upstream: slug,
    name,
    'base URL': baseUrl,
    tools: toolsOf(tools),
    'waits for a person': tools.pending > 0 ? `${count(tools.pending, 'change')}: sluice tools review` : '',
    holds: holdChanges,
    refresh: refreshMinutes === null ? '' : `every ${refreshMinutes} minutes`,
    'last refresh': refresh.lastAt === null ? '' : `${refresh.lastAt}: ${refresh.lastOutcome}`,
    overlay: overlay === null ? '' : `${overlay.length} characters`,
    'response filter': responseFilter ?? '',
    steps: stepsText(steps),
    'follows redirects': policy.followRedirects ? 'to the same origin' : '',
    'passes on': policy.forwardHeaders?.join(', ') ?? '',
    allowed: allow.join(', '),
    'security schemes': Object.entries(securitySchemes)
      .map(([scheme, { type }]) => `${scheme} (${type})`)
      .join(', '),
  })
  return [facts, notesText(notes)].filter(Boolean).join('\n\n')
}

function toolsOf({ enabled, total }: Pick<Upstream['tools'], 'enabled' | 'total'>): string {
  return `${enabled} of ${total} enabled`
}

import {
  type Admin,
  type Diagnostic,
  type HeaderList,
  type ImportCommit,
  type ImportQuery,
  type ImportReport,
  type ImportRequest,
  type Observe,
  Problem,
  type ReadSpec,
  type Send,
} from '@sluice/contract'
import { checkBaseUrl, type ImportPlan, type ImportSource, planImport } from '@sluice/openapi'
import type { CommittedImport, Once, StoredImport } from '@sluice/store'
import { chooseCredential } from './choose-credential.ts'
import { givenFetchHeaders } from './fetch-headers.ts'
import { fetchReferred } from './fetch-referred.ts'
import { fetchSpec, withoutQuery } from './fetch-spec.ts'
import { planIdOf } from './plan-id.ts'
import { reportImport } from './report-import.ts'
import { settleSchemes } from './settle-schemes.ts'
import type { SpecReader } from './spec-reader.ts'
import { type WeighDeps, weighChanges } from './weigh-changes.ts'

export interface ImportDeps extends WeighDeps {
  readonly send: Send
  readonly readSpec: SpecReader['read']
  readonly missingUrls: SpecReader['missingUrls']
  /** The headers that an upstream's document was fetched with, for a URL of the same origin. */
  readonly storedFetchHeaders: (workspaceId: string, upstreamSlug: string, url: string) => Promise<HeaderList>
  /** Why calls to a URL would be refused for its address, or nothing. */
  readonly foreseeRefusal: (url: string, allow: readonly string[]) => Promise<string | undefined>
  /** @throws Problem `invalid-request` */
  readonly checkAllow: (entries: readonly string[]) => void
  readonly readStored: (workspaceId: string, upstreamSlug: string) => Promise<StoredImport>
  /** What the same request was answered before, if it is repeated. */
  readonly reportedBefore: (workspaceId: string, once: Once) => Promise<ImportReport | undefined>
  /** Answers with the report, which is kept for who repeats the request. */
  readonly commit: (
    commit: ImportCommit,
    once: Once | undefined,
    report: (committed: CommittedImport) => ImportReport,
  ) => Promise<ImportReport>
  /** Takes the committed change into what is served. */
  readonly refresh: () => Promise<void>
  readonly publicUrl: () => string
  readonly observe: Observe
}

/** A request whose document may have come as the bytes of a file. */
export type ReceivedImport = ImportRequest & { readonly bytes?: Uint8Array }

/** The life of an import. Only this file knows the order. Nothing is written unless `commit` is asked for, then all of it at once. */
export async function runImport(
  admin: Admin,
  query: ImportQuery,
  request: ReceivedImport,
  deps: ImportDeps,
  once?: Once,
): Promise<ImportReport> {
  const started = performance.now()
  const allow = allowed(admin, request, deps)
  const before = query.commit && once && (await deps.reportedBefore(admin.workspaceId, once))
  if (before) return before
  const headers = givenFetchHeaders(request.fetchHeaders) ?? (await storedHeaders(admin, query, request, deps))
  const received = await receive(request, allow, deps.send, headers)
  const { read, stored, upstreamSlug, settings } = await readWith(
    admin,
    query,
    { ...request, headers },
    received,
    allow,
    deps,
  )
  const about = {
    workspaceId: admin.workspaceId,
    policy: stored.upstream?.holdChanges ?? 'review',
    accept: request.accept ?? false,
  }
  const settled = settleSchemes(read.securitySchemes, stored.upstream?.securitySchemes, about)
  const baseUrl = baseUrlOf(request, read, stored)
  const lacksCredential = !stored.upstream && !request.credential
  const agreed = {
    ...read,
    securitySchemes: settled.schemes,
    diagnostics: [...settled.diagnostics, ...read.diagnostics],
  }
  const spec = await withForesight(
    agreed,
    baseUrl,
    [...(stored.upstream?.allow ?? []), ...allow],
    lacksCredential,
    deps,
  )
  const planned = planImport(spec.operations, stored.operations, request.enable ?? 'auto', stored.takenNames)
  const plan = { ...planned, changes: await weighChanges(planned.changes, about, deps) }
  const commit = commitOf({
    admin,
    query,
    request,
    received,
    spec,
    stored,
    baseUrl,
    plan,
    upstreamSlug,
    allow,
    settings,
  })
  const planId = planIdOf(commit)
  if (query.plan !== undefined && query.plan !== planId) throw planMoved(planId)

  const report = (committed?: CommittedImport) =>
    reportImport({ commit, plan, planId, spec, committed, publicUrl: deps.publicUrl(), rules: rulesOf(request) })
  if (!query.commit) return report()
  const answer = await deps.commit(commit, once, report)
  await deps.refresh()
  deps.observe({
    kind: 'import.finished',
    upstream: upstreamSlug,
    operations: spec.coverage.operations,
    imported: spec.coverage.imported,
    ms: performance.now() - started,
  })
  return answer
}

/** What an upstream keeps for its next import: given again, it takes the place of what there was. */
interface Settings {
  readonly overlay: string | null
  readonly externalRefs: readonly string[]
}

/**
 * The document as its upstream has it read: with the overlay that is given, else the stored one. An upstream may be named by
 * the document's own title, so that is read first where nothing else says.
 */
async function readWith(
  admin: Admin,
  query: ImportQuery,
  request: ReceivedImport & { readonly headers: HeaderList },
  received: Uint8Array,
  allow: readonly string[],
  deps: ImportDeps,
) {
  const read = async ({ overlay, externalRefs }: Settings) =>
    deps.readSpec(await fetchReferred(sourceOf(request, received, overlay), externalRefs, allow, deps, request.headers))
  const known = query.upstream === undefined ? undefined : await deps.readStored(admin.workspaceId, query.upstream)
  const first = settingsOf(request, known)
  const spec = await read(first)
  const upstreamSlug = query.upstream ?? slugOf(spec.title)
  const stored = known ?? (await deps.readStored(admin.workspaceId, upstreamSlug))
  const settings = settingsOf(request, stored)
  const isSame = settings.overlay === first.overlay && settings.externalRefs.join() === first.externalRefs.join()
  return { read: isSame ? spec : await read(settings), stored, upstreamSlug, settings }
}

function settingsOf(request: ImportRequest, stored: StoredImport | undefined): Settings {
  const overlay = request.overlay ?? stored?.upstream?.overlay
  return { overlay: overlay || null, externalRefs: request.externalRefs ?? stored?.upstream?.externalRefs ?? [] }
}

function sourceOf(request: ReceivedImport, bytes: Uint8Array, overlay: string | null): ImportSource {
  return {
    bytes,
    ...(request.url ? { url: request.url } : {}),
    ...(request.entry ? { entry: request.entry } : {}),
    ...(overlay === null ? {} : { overlay }),
  }
}

function rulesOf({ enable }: ImportRequest) {
  return typeof enable === 'object' && 'rules' in enable ? enable.rules : []
}

/** What would refuse each call is better told now than by the first agent. */
async function withForesight(
  spec: ReadSpec,
  baseUrl: string,
  allow: readonly string[],
  lacksCredential: boolean,
  deps: ImportDeps,
): Promise<ReadSpec> {
  const refusal = await deps.foreseeRefusal(baseUrl, allow)
  const schemes = Object.keys(spec.securitySchemes).join(', ')
  const told = [
    ...(refusal ? [warning('base-url-refused', `Calls will be refused: ${refusal}`)] : []),
    ...(lacksCredential && schemes
      ? [
          warning(
            'credential-missing',
            `Calls that need ${schemes} will be refused: import again with a credential (--credential-file on the command line)`,
          ),
        ]
      : []),
  ]
  return { ...spec, diagnostics: [...told, ...spec.diagnostics] }
}

function warning(code: string, message: string): Diagnostic {
  return { code, severity: 'warning', pointer: '', message }
}

/** An owner decides which private addresses an upstream may lie at; the operator decides for all. */
function allowed(admin: Admin, request: ImportRequest, deps: ImportDeps): readonly string[] {
  const allow = request.allow ?? []
  if (allow.length > 0 && admin.role !== 'owner') {
    throw new Problem('role-required', {
      detail: 'Only an owner may allow private addresses; import without `allow`, or with an owner’s key.',
    })
  }
  deps.checkAllow(allow)
  return allow
}

/** An import by URL of an upstream that is named is opened by what it was opened with before. */
async function storedHeaders(
  admin: Admin,
  query: ImportQuery,
  { url }: ImportRequest,
  deps: ImportDeps,
): Promise<HeaderList> {
  if (url === undefined || query.upstream === undefined) return []
  return deps.storedFetchHeaders(admin.workspaceId, query.upstream, url)
}

async function receive(
  request: ReceivedImport,
  allow: readonly string[],
  send: Send,
  headers: HeaderList,
): Promise<Uint8Array> {
  if (request.bytes) return request.bytes
  if ((request.text === undefined) === (request.url === undefined)) {
    const detail = 'Give the document either as `text` (or as a multipart file), or as a `url`.'
    throw new Problem('invalid-request', { detail, errors: [{ pointer: '/text', detail }] })
  }
  return request.text === undefined ? fetchSpec(request.url!, allow, send, headers) : Buffer.from(request.text, 'utf8')
}

/** Given, else as stored, else as the document says. What is stored is never moved by a document (S42). */
function baseUrlOf(request: ImportRequest, spec: ReadSpec, stored: StoredImport): string {
  if (request.baseUrl !== undefined) {
    const given = checkBaseUrl(request.baseUrl)
    if (stored.upstream && stored.upstream.baseUrl !== given)
      throw otherUpstream(stored.upstream.slug, stored.upstream.baseUrl, given)
    return given
  }
  const found = stored.upstream?.baseUrl ?? spec.baseUrl
  if (found) return found
  const detail = 'The document names no absolute base URL, and it was not fetched from one.'
  const fix = 'Say where the API lies with `baseUrl`, for example https://api.example.com/v1.'
  throw new Problem('base-url-needed', { detail, errors: [{ pointer: '/baseUrl', detail, fix }] })
}

function otherUpstream(slug: string, has: string, given: string): Problem {
  const detail = `The upstream "${slug}" lies at ${has}, not at ${given}.`
  const fix = 'Import without `baseUrl` to update it, or under another name with `?upstream=`.'
  return new Problem('conflict', { detail, errors: [{ pointer: '/baseUrl', detail, fix }] })
}

function sealable(headers: ImportRequest['fetchHeaders']): { fetchHeaders?: string | null } {
  if (headers === undefined) return {}
  return { fetchHeaders: Object.keys(headers).length === 0 ? null : JSON.stringify(headers) }
}

function planMoved(now: string): Problem {
  const detail =
    'What would be changed is no longer what the plan said: the document, your choice, or what is stored moved.'
  const fix = `Look at the plan again without \`commit\`; it is ${now} now.`
  return new Problem('conflict', { detail, errors: [{ pointer: 'plan', detail, fix }] })
}

interface CommitParts {
  readonly admin: Admin
  readonly query: ImportQuery
  readonly request: ImportRequest
  readonly received: Uint8Array
  readonly spec: ReadSpec
  readonly stored: StoredImport
  readonly baseUrl: string
  readonly plan: ImportPlan
  readonly upstreamSlug: string
  readonly allow: readonly string[]
  readonly settings: Settings
}

function commitOf(parts: CommitParts): ImportCommit {
  const { admin, query, request, received, spec, stored, baseUrl, plan, upstreamSlug, allow, settings } = parts
  const serverSlug = query.server ?? upstreamSlug
  const credential = chooseCredential(request.credential, spec.securitySchemes, baseUrl)
  return {
    workspaceId: admin.workspaceId,
    actor: admin.id,
    upstream: {
      ...(stored.upstream ? { id: stored.upstream.id } : {}),
      slug: upstreamSlug,
      name: spec.title,
      baseUrl,
      securitySchemes: spec.securitySchemes,
      allow: [...new Set([...(stored.upstream?.allow ?? []), ...allow])],
      ...settings,
      ...sealable(request.fetchHeaders),
    },
    spec: {
      sourceUrl: request.url === undefined ? null : withoutQuery(request.url),
      refreshUrl: request.url === undefined || withoutQuery(request.url) !== request.url ? null : request.url,
      received,
      declaredVersion: spec.declaredVersion,
      diagnostics: spec.diagnostics,
      coverage: spec.coverage,
    },
    changes: plan.changes,
    server: { slug: serverSlug, name: spec.title },
    accessKeyName: `${serverSlug} (made by its import)`,
    ...(credential ? { credential } : {}),
  }
}

/** A title as a slug: what stands in URLs. */
export function slugOf(title: string): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replaceAll(/^-+|-+$/g, '')
  return slug || 'api'
}

import { createHash } from 'node:crypto'
import type { ArgumentEdits, BundleIssuer, BundleRule, BundleTool, BundleUpstream, IssuerRule } from '@sluice/contract'
import { documentForm, type WorkspaceRows } from '@sluice/store'
import {
  plainComposite,
  plainIssuer,
  plainPrompt,
  plainResource,
  plainServer,
  plainTools,
  plainUpstream,
} from './plain-forms.ts'
import { type Scope, within } from './scope.ts'
import { sorted } from './trimmed.ts'

/**
 * What a bundle says, file by file: of YAML its value in one form, of documents and overlays `sha256:…`, so that documents of
 * many megabytes are compared without being read.
 */
export type BundleValues = ReadonlyMap<string, unknown>

/** The settings of a workspace as the bundle that it would be exported as. */
export function bundleValues(all: WorkspaceRows, scope: Scope): BundleValues {
  const rows = within(all, scope)
  const values = new Map<string, unknown>()
  values.set('sluice.yaml', { sluice: 1, of: scope === 'workspace' ? scope : `server ${scope.server}` })
  if (rows.secrets.length > 0) {
    const named = rows.secrets.map(({ name, origins }) => [name, { origins: [...origins] }] as const)
    values.set('secrets.yaml', { secrets: sorted(Object.fromEntries(named)) })
  }
  for (const upstream of rows.upstreams) addUpstream(values, rows, upstream)
  for (const server of rows.servers) addServer(values, rows, server)
  const issuers = rows.issuers.map((issuer) => issuerOf(rows, issuer))
  if (issuers.length > 0) values.set('issuers.yaml', { issuers })
  return new Map([...values].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** How a file that is not YAML of ours stands among the values. */
export function hashed(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

type UpstreamRow = WorkspaceRows['upstreams'][number]

function addUpstream(values: Map<string, unknown>, rows: WorkspaceRows, upstream: UpstreamRow): void {
  const folder = `upstreams/${upstream.slug}`
  const document = rows.documents.find(({ upstreamId }) => upstreamId === upstream.id)
  const { name, baseUrl, allow, holdChanges, overlay, responseFilter, steps, policy, externalRefs } = upstream
  const overlayFile = overlay === null ? undefined : `overlay.${documentForm(Buffer.from(overlay))}`
  const about = {
    name,
    baseUrl,
    allow: [...allow],
    document: document && {
      file: documentFile(document),
      ...(document.sourceUrl ? { url: document.sourceUrl } : {}),
    },
    overlay: overlayFile,
    externalRefs: [...externalRefs],
    refresh: {
      ...(upstream.refreshUrl ? { url: upstream.refreshUrl } : {}),
      ...(upstream.refreshMinutes ? { minutes: upstream.refreshMinutes } : {}),
      ...(upstream.fetchSecretId ? { headers: true } : {}),
    },
    holdChanges,
    responseFilter,
    steps,
    policy,
    credentials: credentialsOf(rows, upstream.id),
  }
  values.set(`${folder}/upstream.yaml`, plainUpstream(about as unknown as BundleUpstream))
  if (document) values.set(`${folder}/${documentFile(document)}`, `sha256:${document.contentHash}`)
  if (overlayFile) values.set(`${folder}/${overlayFile}`, hashed(overlay!))
  values.set(`${folder}/tools.yaml`, { tools: toolsOf(rows, upstream.id) })
}

/** Named by its form, which its bytes tell. */
export function documentFile({ form }: Pick<WorkspaceRows['documents'][number], 'form'>): string {
  return `document.${form}`
}

function credentialsOf(rows: WorkspaceRows, upstreamId: string): object {
  const names = new Map(rows.secrets.map(({ id, name }) => [id, name]))
  const own = rows.credentials.filter((credential) => credential.upstreamId === upstreamId)
  return Object.fromEntries(
    own.map(({ scheme, origins, placement, tokenGrant, parts }) => {
      const secrets = Object.values(parts).flatMap((id) => names.get(id) ?? [])
      return [scheme, { origins, placement, grant: tokenGrant, secrets: secrets.toSorted() }]
    }),
  )
}

function toolsOf(rows: WorkspaceRows, upstreamId: string): Record<string, BundleTool> {
  const names = new Map(rows.secrets.map(({ id, name }) => [id, name]))
  const own = rows.tools.filter((tool) => tool.upstreamId === upstreamId)
  const entries = own.flatMap((tool) => {
    const { name, enabled, title, description, tags, responseFilter, steps, cache, projection } = tool
    const { structuredContent, annotations, resource, method, path, manual, isWaiting, isLarge } = tool
    if (isUnknown(tool)) return []
    const stands = manual
      ? { manual: { ...manual.operation, name: manual.name, ...pick(manual, 'description') } }
      : { operation: `${method} ${path}` }
    const edits = { title, description, tags, arguments: namedEdits(tool.argumentEdits, names), responseFilter, steps }
    const more = { cache, projection, structuredContent, annotations, resource }
    const state = { changeWaits: isWaiting, largeAnswers: isLarge }
    return [[name, { ...stands, enabled, ...edits, ...more, ...state } as unknown as BundleTool] as const]
  })
  return plainTools(Object.fromEntries(entries))
}

/** A manual tool of an earlier release is in no bundle, so that it is not in one says nothing. */
export function isUnknown({ origin, manual }: WorkspaceRows['tools'][number]): boolean {
  return origin === 'manual' && !manual
}

function namedEdits(edits: ArgumentEdits, names: ReadonlyMap<string, string>): object {
  const named = Object.entries(edits).map(
    ([argument, edit]) => [argument, 'secret' in edit ? { secret: names.get(edit.secret) } : edit] as const,
  )
  return sorted(Object.fromEntries(named))
}

function addServer(values: Map<string, unknown>, rows: WorkspaceRows, server: WorkspaceRows['servers'][number]): void {
  const folder = `servers/${server.slug}`
  const slugs = new Map(rows.upstreams.map(({ id, slug }) => [id, slug]))
  const byId = new Map(rows.tools.map((tool) => [tool.id, tool]))
  const tools: Record<string, Record<string, object>> = {}
  for (const { toolId, alias, unlisted, pinned } of rows.serverTools.filter(({ serverId }) => serverId === server.id)) {
    const tool = byId.get(toolId)
    if (!tool || isUnknown(tool)) continue
    const upstream = slugs.get(tool.upstreamId)!
    tools[upstream] = { ...tools[upstream], [tool.name]: { alias: alias ?? undefined, unlisted, pinned } }
  }
  const { id: _id, slug: _slug, ...about } = server
  values.set(`${folder}/server.yaml`, plainServer({ ...about, tools } as unknown as Parameters<typeof plainServer>[0]))
  const own = <T extends { readonly serverId: string }>(all: readonly T[]) =>
    all.filter(({ serverId }) => serverId === server.id)
  for (const { name, uri, title, description, mimeType, form, body } of own(rows.resources))
    values.set(`${folder}/resources/${name}.yaml`, plainResource({ uri, title, description, mimeType, [form]: body }))
  for (const { name, content } of own(rows.prompts))
    values.set(`${folder}/prompts/${name}.yaml`, plainPrompt(content as unknown as Parameters<typeof plainPrompt>[0]))
  for (const { name, content } of own(rows.composites))
    values.set(`${folder}/composites/${name}.yaml`, plainComposite(content))
}

function issuerOf(rows: WorkspaceRows, issuer: WorkspaceRows['issuers'][number]): BundleIssuer {
  const { name, jwksUri, audiences, algorithms, rules, allow } = issuer
  const slugs = rows.servers.filter(({ id }) => issuer.serverIds.includes(id)).map(({ slug }) => slug)
  const said = { name, issuer: issuer.issuer, servers: slugs, jwksUri, audiences, algorithms, allow }
  return plainIssuer({ ...said, rules: rules.map((rule) => namedRule(rows, rule)) } as unknown as BundleIssuer)
}

/** Tools whose operations are gone have no name that a bundle could know; where none is left, the rule gives none. */
export function namedRule(rows: WorkspaceRows, rule: IssuerRule): BundleRule {
  if (!rule.rights?.tools) return rule
  const slugs = new Map(rows.upstreams.map(({ id, slug }) => [id, slug]))
  const named = rows.tools.filter((tool) => !isUnknown(tool) && rule.rights!.tools!.includes(tool.id))
  const tools = named.map((tool) => `${slugs.get(tool.upstreamId)}/${tool.name}`)
  return { ...rule, rights: { ...rule.rights, tools } }
}

function pick<T extends object, K extends keyof T>(from: T, name: K): object {
  return from[name] === undefined ? {} : { [name]: from[name] }
}

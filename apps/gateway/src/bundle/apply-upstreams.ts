import type { BundleUpstream } from '@sluice/contract'
import { pointerTo } from '@sluice/openapi'
import { createSecret, findUpstream, nameFetchHeaders, setCredential, type WorkspaceRows } from '@sluice/store'
import { unsetCredential } from '../imports/choose-credential.ts'
import { runImport } from '../imports/run-import.ts'
import { unsetClient } from '../imports/sealable-client.ts'
import { plainOrigins } from '../plain-origins.ts'
import { type Applying, change, rowsNow, upstreamFile, upstreamsOf } from './applying.ts'
import { atPlace } from './at-place.ts'
import { changedFields } from './changed-fields.ts'
import { receivedFrom, receivedWith } from './received-from.ts'

/** Names the secrets of a bundle that are not here yet: they are empty until somebody sets them. */
export async function applySecrets(applying: Applying): Promise<void> {
  const { bundle, before, admin, sealer } = applying
  const wanted = bundle.values.get('secrets.yaml') as { secrets: Record<string, { origins: string[] }> } | undefined
  for (const [name, { origins }] of Object.entries(wanted?.secrets ?? {})) {
    const here = before.secrets.find((secret) => secret.name === name)
    if (here && changedFields(here, { origins }))
      applying.notes.push(
        `The secret "${name}" goes on being for ${here.origins.join(', ')}: a stored secret goes nowhere else by a bundle.`,
      )
    if (here) continue
    const by = { workspaceId: admin.workspaceId, actor: admin.id }
    const place = { path: 'secrets.yaml', pointer: pointerTo('/secrets', name) }
    await atPlace(bundle.texts, place, () =>
      change(applying, (store) =>
        createSecret(store, { ...by, values: { name, origins: plainOrigins(origins), value: '' } }, sealer.seal),
      ),
    )
  }
}

/** Makes and changes upstreams with their documents and settings; their tools come after. */
export async function applyUpstreams(applying: Applying): Promise<void> {
  for (const slug of upstreamsOf(applying)) await applyUpstream(applying, slug)
}

async function applyUpstream(applying: Applying, slug: string): Promise<void> {
  const { perform, trust, before } = applying
  const wanted = upstreamFile(applying, slug)
  const place = { path: `upstreams/${slug}/upstream.yaml`, pointer: '' }
  const here = before.upstreams.find((upstream) => upstream.slug === slug)
  const params = { upstream: slug }
  if (!here && !wanted.document) {
    const { name, baseUrl } = wanted
    await perform('create_upstream', { body: { slug, name, baseUrl }, place })
  } else if (wanted.document && needsImport(applying, slug)) {
    // Where it lies, and what waits, are settled before its document is read.
    const first = here && changedFields(here, pick(wanted, trust))
    if (first) await perform('update_upstream', { params, body: first, place })
    await importDocument(applying, slug)
  }
  const made = (await rowsNow(applying)).upstreams.find((upstream) => upstream.slug === slug)!
  if (wanted.refresh?.headers && !made.fetchSecretId) await nameHeaders(applying, made.id)
  const changed = changedFields(made, {
    ...settings(wanted, trust),
    refreshMinutes: trust ? (wanted.refresh?.minutes ?? null) : null,
  })
  if (changed) await perform('update_upstream', { params, body: changed, place })
  if (!trust && wanted.holdChanges === 'none')
    applying.notes.push(`Unsafe changes of "${slug}" are held, though the bundle says that none is.`)
  await applyAllow(applying, slug, made)
  await applyCredentials(applying, slug, made.id)
}

/** Whether later documents change what agents are told is not a stranger's to say (S29, S32). */
function pick({ baseUrl, holdChanges = 'review' }: BundleUpstream, trust: boolean) {
  return { baseUrl, holdChanges: !trust && holdChanges === 'none' ? 'review' : holdChanges }
}

function settings(wanted: BundleUpstream, trust: boolean) {
  const { name, responseFilter = null, steps = {}, policy = {} } = wanted
  return { name, ...pick(wanted, trust), responseFilter, steps, policy }
}

/** Whether its document would be read in another way than what is stored was. */
export function needsImport(applying: Pick<Applying, 'bundle' | 'before' | 'accept'>, slug: string): boolean {
  const { bundle, before } = applying
  const wanted = bundle.values.get(`upstreams/${slug}/upstream.yaml`) as BundleUpstream
  const here = before.upstreams.find((upstream) => upstream.slug === slug)
  if (!wanted.document) return false
  if (!here) return true
  const stored = before.documents.find(({ upstreamId }) => upstreamId === here.id)
  const isSame = bundle.values.get(`upstreams/${slug}/${wanted.document.file}`) === `sha256:${stored?.contentHash}`
  const { overlay: kept, refreshUrl } = here
  const now = { overlay: kept, externalRefs: here.externalRefs, refreshUrl, url: stored?.sourceUrl }
  const { overlay, externalRefs, origin } = receivedWith(bundle, slug)
  const read = { overlay: overlay || null, externalRefs, refreshUrl: origin.refreshUrl, url: origin.url ?? null }
  const waits = before.tools.some(({ upstreamId, isWaiting }) => upstreamId === here.id && isWaiting)
  return !isSame || changedFields(now, read) !== undefined || (applying.accept && waits)
}

async function importDocument(applying: Applying, slug: string): Promise<void> {
  const { admin, bundle, accept, imports, before } = applying
  const here = before.upstreams.find((upstream) => upstream.slug === slug)
  const { baseUrl } = upstreamFile(applying, slug)
  const added = addedAllow(applying, slug)
  const received = {
    ...(await receivedFrom(bundle, slug, imports.pack)),
    ...(here ? {} : { baseUrl }),
    ...(added.length > 0 ? { allow: added } : {}),
    enable: 'none' as const,
    accept,
  }
  const place = { path: `upstreams/${slug}/upstream.yaml`, pointer: '/document' }
  const report = await atPlace(bundle.texts, place, () =>
    change(applying, () => runImport(admin, { upstream: slug, commit: true }, received, imports)),
  )
  const { held } = report.plan
  if (held > 0)
    applying.notes.push(
      `${held} changed tools of "${slug}" go on as they are until somebody agrees: \`sluice tools review\`, or apply with \`--accept\`.`,
    )
}

/** Private addresses that a trusted bundle allows anew. */
export function addedAllow(
  { bundle, before, trust }: Pick<Applying, 'bundle' | 'before' | 'trust'>,
  slug: string,
): string[] {
  if (!trust) return []
  const here = before.upstreams.find((upstream) => upstream.slug === slug)
  const { allow = [] } = bundle.values.get(`upstreams/${slug}/upstream.yaml`) as BundleUpstream
  return allow.filter((one) => !here?.allow.includes(one))
}

function nameHeaders(applying: Applying, upstreamId: string): Promise<void> {
  const { admin, sealer } = applying
  const by = { workspaceId: admin.workspaceId, actor: admin.id }
  return change(applying, (store) => nameFetchHeaders(store, by, upstreamId, sealer.seal))
}

/** Private addresses are a person's to allow, never a foreign bundle's (S1, S32). */
async function applyAllow(applying: Applying, slug: string, made: WorkspaceRows['upstreams'][number]): Promise<void> {
  const { allow = [] } = upstreamFile(applying, slug)
  if (!changedFields({ allow: made.allow.toSorted() }, { allow: allow.toSorted() })) return
  if (!applying.trust) {
    applying.notes.push(`The private addresses that "${slug}" may reach were left out: ${allow.join(', ')}.`)
    return
  }
  const place = { path: `upstreams/${slug}/upstream.yaml`, pointer: '' }
  await applying.perform('set_egress_allowances', { params: { upstream: slug }, body: { allow }, place })
}

/** Credentials that are not here yet are named, without their secrets. Those that are here stay as they are (S42). */
async function applyCredentials(applying: Applying, slug: string, upstreamId: string): Promise<void> {
  const { before, store, admin, sealer, bundle } = applying
  const upstream = (await findUpstream(store, admin.workspaceId, slug))!
  for (const [scheme, wanted] of Object.entries(upstreamFile(applying, slug).credentials ?? {})) {
    const place = { path: `upstreams/${slug}/upstream.yaml`, pointer: pointerTo('/credentials', scheme) }
    const here = before.credentials.find((one) => one.upstreamId === upstreamId && one.scheme === scheme)
    const { origins, placement, grant } = wanted
    if (here) {
      const how = { origins: here.origins.toSorted(), placement: here.placement, grant: here.tokenGrant }
      if (changedFields(how, { origins, placement: placement ?? null, grant: grant ?? null }))
        applying.notes.push(
          `The credential "${scheme}" of "${slug}" is another one here and stays: set it anew with \`sluice credential set ${slug} ${scheme}\`.`,
        )
      continue
    }
    // A document that came later may have taken the scheme away, or declared it: then it is set anew.
    if (Object.hasOwn(upstream.securitySchemes, scheme) === (placement !== undefined)) {
      const why = placement ? 'the document declares it itself' : 'the document has no such scheme'
      applying.notes.push(
        `The credential "${scheme}" of "${slug}" was left out, since ${why}: set it where it is needed.`,
      )
      continue
    }
    const by = { workspaceId: admin.workspaceId, actor: admin.id, upstream: slug }
    await atPlace(bundle.texts, place, () => {
      const credential = (grant ? unsetClient : unsetCredential)(wanted, scheme, upstream)
      return change(applying, (store) => setCredential(store, { ...by, credential }, sealer.seal))
    })
  }
}

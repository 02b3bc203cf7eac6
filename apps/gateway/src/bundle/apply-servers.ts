import { BUNDLE_OFFERS, type BundleServer, Problem, type Server, type SetComposite } from '@sluice/contract'
import { pointerTo } from '@sluice/openapi'
import { canonicalJson } from '@sluice/schema'
import type { WorkspaceRows } from '@sluice/store'
import { type Applying, rowsNow, serverFile, serversOf } from './applying.ts'
import { BundleFaults, bundleFault } from './bundle-faults.ts'
import { bundleValues } from './bundle-values.ts'
import { changedFields } from './changed-fields.ts'

/** Makes and changes servers: their settings, their tools, and what they offer beside. */
export async function applyServers(applying: Applying): Promise<void> {
  for (const slug of serversOf(applying)) {
    await applyServer(applying, slug)
    await placeTools(applying, slug)
    await applyOffers(applying, slug)
  }
}

async function applyServer(applying: Applying, slug: string): Promise<void> {
  const { perform, before, bundle } = applying
  const place = { path: `servers/${slug}/server.yaml`, pointer: '' }
  const settings = settingsOf(applying, slug)
  const here = before.servers.find((server) => server.slug === slug)
  if (here) {
    const change = changedFields(here, settings)
    if (change) await perform('update_server', { params: { server: slug }, body: change, place })
    return
  }
  const made = await perform<Server>('create_server', { body: { slug, ...settings }, place })
  if (made.slug === slug) return
  const detail = `The slug "${slug}" is taken in this installation.`
  const fault = bundleFault(bundle.texts, place, { detail, fix: 'Give the server’s folder another name.' })
  throw new Problem('conflict', { detail: fault.detail, errors: [fault] })
}

/** Without trust what agents read is not the bundle's, code writes nothing, and what agents say is recorded where somebody here wants it. */
function settingsOf(applying: Applying, slug: string) {
  const wanted = serverFile(applying, slug)
  const {
    name,
    mode = 'auto',
    codeCalls = 'read-only',
    instructions = '',
    limits = null,
    recordContent = false,
  } = wanted
  if (applying.trust) return { name, mode, codeCalls, instructions, limits, recordContent }
  if (instructions !== '') tellUnread(applying, slug, 'instructions')
  const writes = codeCalls === 'all'
  if (writes) applying.notes.push(`On the server "${slug}" code may only read: the bundle lets it write.`)
  return { name, mode, codeCalls: writes ? 'read-only' : codeCalls, instructions: '', limits, recordContent: false }
}

function tellUnread({ notes }: Applying, slug: string, what: string): void {
  notes.push(
    `The server "${slug}" was made without the ${what} of the bundle, which agents would read at once: read them, and set them by hand.`,
  )
}

async function placeTools(applying: Applying, slug: string): Promise<void> {
  const { perform, bundle } = applying
  const rows = await rowsNow(applying)
  const server = rows.servers.find((one) => one.slug === slug)!
  const placed = new Map(
    rows.serverTools.filter(({ serverId }) => serverId === server.id).map((one) => [one.toolId, one]),
  )
  const path = `servers/${slug}/server.yaml`
  const added: object[] = []
  const faults = new BundleFaults(bundle.texts)
  for (const { pointer, row, how } of wantedTools(mayPlace(applying, slug), rows)) {
    if (!row) {
      faults.add(path, pointer, 'There is no such tool.', 'Name one of tools.yaml of that upstream.')
      continue
    }
    const { alias = null, unlisted = false, pinned = false } = how
    const here = placed.get(row.id)
    const change = here && changedFields(here, { alias, unlisted, pinned })
    if (!here) added.push({ id: row.id, alias, unlisted, pinned })
    else if (change)
      await perform('update_server_tool', {
        params: { server: slug, tool: row.id },
        body: change,
        place: { path, pointer },
      })
  }
  faults.refuse()
  for (let at = 0; at < added.length; at += MOST_AT_ONCE) {
    const body = { tools: added.slice(at, at + MOST_AT_ONCE) }
    await perform('add_server_tools', { params: { server: slug }, body, place: { path, pointer: '' } })
  }
}

const MOST_AT_ONCE = 1000

/** Without trust a server of the bundle gets none of the tools that are here already: they are others than the bundle means. */
function mayPlace(applying: Applying, slug: string): BundleServer['tools'] {
  const { tools } = serverFile(applying, slug)
  if (applying.trust) return tools
  const here = new Set(applying.before.upstreams.map((upstream) => upstream.slug))
  const left = Object.keys(tools).filter((upstream) => here.has(upstream))
  if (left.length > 0)
    applying.notes.push(`The server "${slug}" was made without tools of ${left.join(', ')}, which is here already.`)
  return Object.fromEntries(Object.entries(tools).filter(([upstream]) => !here.has(upstream)))
}

function wantedTools(tools: BundleServer['tools'], rows: WorkspaceRows) {
  const ids = new Map(rows.upstreams.map(({ id, slug }) => [slug, id]))
  const byName = new Map(rows.tools.map((tool) => [`${tool.upstreamId} ${tool.name}`, tool]))
  return Object.entries(tools).flatMap(([upstream, those]) =>
    Object.entries(those).map(([name, how]) => ({
      pointer: pointerTo('/tools', upstream, name),
      row: byName.get(`${ids.get(upstream)} ${name}`),
      how,
    })),
  )
}

const SETTERS = {
  resources: { operation: 'set_resource', param: 'resource' },
  prompts: { operation: 'set_prompt', param: 'prompt' },
  composites: { operation: 'set_composite', param: 'composite' },
} as const

async function applyOffers(applying: Applying, slug: string): Promise<void> {
  const { perform, bundle, trust } = applying
  const now = bundleValues(await rowsNow(applying), 'workspace')
  for (const kind of Object.keys(BUNDLE_OFFERS) as Array<keyof typeof SETTERS>) {
    const folder = `servers/${slug}/${kind}/`
    const offered = [...bundle.values].filter(([path]) => path.startsWith(folder))
    // A composite can be off; prompts and resources are read as soon as they are there.
    if (!trust && kind !== 'composites') {
      if (offered.length > 0) tellUnread(applying, slug, kind)
      continue
    }
    for (const [path, value] of offered) {
      const name = path.slice(folder.length, -'.yaml'.length)
      const body = trust ? (value as object) : { ...(value as SetComposite), enabled: false }
      if (canonicalJson(now.get(path) ?? null) === canonicalJson(body)) continue
      const { operation, param } = SETTERS[kind]
      await perform(operation, { params: { server: slug, [param]: name }, body, place: { path, pointer: '' } })
    }
  }
}

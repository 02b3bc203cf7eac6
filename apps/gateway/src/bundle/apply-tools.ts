import type { ArgumentEdits, BundleTool } from '@sluice/contract'
import { nearestName } from '@sluice/schema'
import { recordLargeAnswer, type WorkspaceRows } from '@sluice/store'
import { changeManual, makeManual, toolPlace } from './apply-manual.ts'
import { type Applying, change, rowsNow, toolsFile, upstreamFile, upstreamsOf } from './applying.ts'
import { BundleFaults } from './bundle-faults.ts'
import { changedFields } from './changed-fields.ts'
import { isSameManual, matchTools, type ToolRow } from './match-tools.ts'

/** Makes the tools of the bundle's upstreams what the bundle says: names, edits, what is enabled. */
export async function applyTools(applying: Applying): Promise<void> {
  for (const slug of upstreamsOf(applying)) {
    const replaced = await makeTools(applying, slug)
    await nameTools(applying, slug)
    await editTools(applying, slug, replaced)
    await enableTools(applying, slug)
  }
}

async function matched(applying: Applying, slug: string) {
  const rows = await rowsNow(applying)
  const upstream = rows.upstreams.find((one) => one.slug === slug)!
  const own = rows.tools.filter(({ upstreamId }) => upstreamId === upstream.id)
  return { rows, own, ...matchTools(toolsFile(applying, slug), own) }
}

/** Tools that no import makes: manual ones, and further ones of an operation. Answers those that call something else now. */
async function makeTools(applying: Applying, slug: string): Promise<ReadonlySet<string>> {
  const { perform, bundle } = applying
  const { pairs, missing, own } = await matched(applying, slug)
  const faults = new BundleFaults(bundle.texts)
  const replaced = new Set<string>()
  for (const { name, wanted, row } of pairs) {
    if (!row.manual || isSameManual(name, wanted, row)) continue
    await changeManual(applying, slug, name, wanted, row.id)
    replaced.add(row.id)
  }
  for (const { name, wanted } of missing) {
    const place = toolPlace(slug, name)
    if (wanted.manual) await makeManual(applying, slug, name, wanted)
    else {
      const [first] = own.filter((row) => `${row.method} ${row.path}` === wanted.operation && row.origin === 'spec')
      if (!first) noOperation(faults, place, { wanted, own, refs: upstreamFile(applying, slug).externalRefs })
      else await perform('create_tool', { body: { name, operation: { id: first.operationId }, enabled: false }, place })
    }
  }
  faults.refuse()
  return replaced
}

interface Missing {
  readonly wanted: BundleTool
  readonly own: readonly ToolRow[]
  /** Where other documents of it lie. */
  readonly refs?: readonly string[] | undefined
}

function noOperation(
  faults: BundleFaults,
  { path, pointer }: ReturnType<typeof toolPlace>,
  { wanted: { operation = '' }, own, refs = [] }: Missing,
): void {
  const known = own.map((row) => `${row.method} ${row.path}`)
  const near = nearestName(operation, known)
  if (!operation) faults.add(path, pointer, 'The tool has neither `operation` nor `manual`.', 'Say which it is of.')
  else
    faults.add(
      path,
      `${pointer}/operation`,
      `The document has no operation "${operation}".`,
      near ? `Did you mean ${near}?` : refs.length > 0 ? notRead(refs) : undefined,
    )
}

function notRead(refs: readonly string[]): string {
  return `Its document refers to others on ${refs.join(', ')}, which could not all be read. Where they lie at a private address, an owner applies the bundle with \`trust\`.`
}

/** Renames; where names go round, by way of names that nobody has. */
async function nameTools(applying: Applying, slug: string): Promise<void> {
  const { pairs } = await matched(applying, slug)
  const renamed = pairs.filter(({ name, row }) => row.name !== name)
  const leaving = new Set(renamed.map(({ row }) => row.name))
  const rename = (id: string, name: string, asked: string) =>
    applying.perform('update_tool', { params: { id }, body: { name }, place: toolPlace(slug, asked) })
  for (const { name, row } of renamed.filter((one) => leaving.has(one.name))) {
    const blocking = renamed.find((other) => other.row.name === name)!
    if (blocking.row !== row) await rename(blocking.row.id, `moving_${blocking.row.id.slice(-26)}`, name)
  }
  for (const { name, row } of renamed) await rename(row.id, name, name)
}

/** Edits of a tool that calls something else now are looked at again, all of them. */
async function editTools(applying: Applying, slug: string, replaced: ReadonlySet<string>): Promise<void> {
  const { pairs, rows } = await matched(applying, slug)
  for (const { name, wanted, row } of pairs) {
    const edits = wantedEdits(wanted, rows)
    const body = replaced.has(row.id) ? edits : changedFields(editsOf(row), edits)
    if (body) await applying.perform('update_tool', { params: { id: row.id }, body, place: toolPlace(slug, name) })
    if (wanted.largeAnswers && !row.isLarge)
      await change(applying, (store) => recordLargeAnswer(store, applying.admin.workspaceId, row.id))
  }
}

function editsOf({ argumentEdits, ...row }: ToolRow): object {
  return { ...row, arguments: argumentEdits }
}

function wantedEdits(wanted: BundleTool, rows: WorkspaceRows): object {
  const { title = null, description = null, tags = null, responseFilter = null, steps = {}, cache = null } = wanted
  const { projection = 'auto', structuredContent = false, annotations = null, resource = null } = wanted
  const said = { title, description, tags, responseFilter, steps, cache, projection, structuredContent, annotations }
  return { ...said, resource, arguments: argumentEdits(wanted.arguments ?? {}, rows) }
}

/** Secrets are named in a bundle; what has no such name is refused by its name. */
function argumentEdits(named: NonNullable<BundleTool['arguments']>, { secrets }: WorkspaceRows): ArgumentEdits {
  const ids = new Map(secrets.map(({ id, name }) => [name, id]))
  const all = Object.entries(named).map(([argument, edit]) => {
    const secret = (edit as { secret?: string }).secret
    return [argument, secret === undefined ? edit : { secret: ids.get(secret) ?? secret }] as const
  })
  return Object.fromEntries(all) as ArgumentEdits
}

/** Without trust nothing is enabled; a change that nobody agreed to is not enabled by way of a bundle (S29). */
async function enableTools(applying: Applying, slug: string): Promise<void> {
  const { trust, perform, notes } = applying
  const { pairs } = await matched(applying, slug)
  const isWanted = ({ wanted, row }: (typeof pairs)[number]) =>
    trust && wanted.enabled && !(wanted.changeWaits && !row.isWaiting)
  for (const enabled of [false, true]) {
    const ids = pairs
      .filter((pair) => isWanted(pair) === enabled && pair.row.enabled !== enabled)
      .map(({ row }) => row.id)
    const place = { path: `upstreams/${slug}/tools.yaml`, pointer: '/tools' }
    for (let at = 0; at < ids.length; at += MOST_AT_ONCE)
      await perform('update_tools', { body: { enabled, tools: ids.slice(at, at + MOST_AT_ONCE) }, place })
  }
  const off = pairs.filter((pair) => pair.wanted.enabled && !isWanted(pair))
  if (trust && off.length > 0)
    notes.push(
      `${off.length} tools of "${slug}" are off until somebody looked at them: a change of theirs waited where the bundle was made (${off.map(({ name }) => name).join(', ')}).`,
    )
}

const MOST_AT_ONCE = 1000

import {
  type PageOf,
  type PageRequest,
  Problem,
  type PromptDetail,
  type PromptVersion,
  type PromptVersionDetail,
} from '@sluice/contract'
import { and, eq, sql } from 'drizzle-orm'
import { recordAudit } from './audit-events.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { asWritten, readPrompt } from './prompts.ts'
import { bumpRevisions } from './revisions.ts'
import { prompts, promptVersions } from './schema-offers.ts'
import { isOffer, type OfferPlace, refuseOverfull, serverIdOf } from './server-offers.ts'
import { transact } from './transact.ts'
import type { Changing } from './writing.ts'

/** Undefined where there is no such prompt. */
export async function listPromptVersions(
  store: Store,
  place: OfferPlace,
  request: PageRequest,
): Promise<PageOf<PromptVersion> | undefined> {
  const found = await promptOf(store, place)
  if (!found) return undefined
  const sorts = { version: promptVersions.version }
  const page = planPage<ListedRow>({ ...request, sort: request.sort ?? '-version' }, sorts, promptVersions.name)
  const rows = await store.db
    .select(LISTED)
    .from(promptVersions)
    .where(and(ofPrompt(place, found.serverId), page.where))
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, (row) => toVersion(row, found.prompt))
}

/** Undefined where there is none. */
export async function findPromptVersion(
  store: Store,
  place: OfferPlace,
  version: number,
): Promise<PromptVersionDetail | undefined> {
  const found = await promptOf(store, place)
  if (!found) return undefined
  const [row] = await store.db
    .select({ ...LISTED, content: promptVersions.content })
    .from(promptVersions)
    .where(and(ofPrompt(place, found.serverId), eq(promptVersions.version, version)))
  if (!row) return undefined
  const { content, ...about } = row
  return { ...toVersion(about, found.prompt), ...asWritten(content) }
}

/** Makes a version the current one. Undefined where there is no such prompt. @throws Problem `invalid-request` without such a version, `conflict` */
export function choosePromptVersion(
  store: Store,
  request: Changing<PromptDetail> & OfferPlace & { readonly version: number },
): Promise<PromptDetail | undefined> {
  const { workspaceId, actor, name, version } = request
  return transact(store, workspaceId, async (tx) => {
    const serverId = await serverIdOf(tx, workspaceId, request.server)
    const current = serverId === undefined ? undefined : await readPrompt(tx, request, serverId)
    if (serverId === undefined || !current) return undefined
    request.check?.(current)
    const isWanted = and(ofPrompt(request, serverId), eq(promptVersions.version, version))
    if ((await tx.$count(promptVersions, isWanted)) === 0) {
      const detail = `There is no version ${version} of the prompt "${name}".`
      const fix = `Choose one of those that GET /servers/${request.server}/prompts/${name}/versions lists.`
      throw new Problem('invalid-request', { detail, errors: [{ pointer: '/version', detail, fix }] })
    }
    if (version === current.version) return current
    await tx
      .update(prompts)
      .set({ currentVersion: version, updatedAt: new Date() })
      .where(isOffer(prompts, request, serverId))
    await refuseOverfull(tx, workspaceId, serverId)
    const [before, after] = [{ version: current.version }, { name, version }]
    await recordAudit(tx, { workspaceId, actor, action: 'prompt.choose', target: serverId, before, after })
    await bumpRevisions(tx, workspaceId, [serverId])
    return readPrompt(tx, request, serverId)
  })
}

async function promptOf(store: Store, place: OfferPlace) {
  const serverId = await serverIdOf(store.db, place.workspaceId, place.server)
  const prompt = serverId === undefined ? undefined : await readPrompt(store.db, place, serverId)
  return serverId === undefined || !prompt ? undefined : { serverId, prompt }
}

const LISTED = {
  id: promptVersions.name,
  version: promptVersions.version,
  title: sql<string | null>`${promptVersions.content} ->> 'title'`,
  description: sql<string | null>`${promptVersions.content} ->> 'description'`,
  actor: promptVersions.actor,
  createdAt: promptVersions.createdAt,
}

interface ListedRow extends Omit<PromptVersion, 'isCurrent' | 'createdAt'> {
  readonly id: string
  readonly createdAt: Date
}

function toVersion({ id: _id, createdAt, ...row }: ListedRow, current: PromptDetail): PromptVersion {
  return { ...row, isCurrent: row.version === current.version, createdAt: createdAt.toISOString() }
}

function ofPrompt({ workspaceId, name }: OfferPlace, serverId: string) {
  return and(
    eq(promptVersions.workspaceId, workspaceId),
    eq(promptVersions.serverId, serverId),
    eq(promptVersions.name, name),
  )
}

import {
  LIMITS,
  type PageOf,
  type PageRequest,
  Problem,
  type Prompt,
  type PromptContent,
  type PromptDetail,
  type SetPrompt,
} from '@sluice/contract'
import { canonicalJson } from '@sluice/schema'
import { and, sql } from 'drizzle-orm'
import { recordAudit } from './audit-events.ts'
import { subquery } from './conditions.ts'
import type { Database } from './database.ts'
import { keepPromptVersion } from './keep-prompt-version.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { bumpRevisions } from './revisions.ts'
import { prompts, promptVersions } from './schema-offers.ts'
import {
  isCurrent,
  isOffer,
  type OfferPlace,
  ofServer,
  refuseOverfull,
  refuseTooMany,
  serverIdOf,
} from './server-offers.ts'
import { transact } from './transact.ts'
import type { Changing } from './writing.ts'

/** Undefined where there is no such server. */
export async function listPrompts(
  store: Store,
  workspaceId: string,
  server: string,
  request: PageRequest,
): Promise<PageOf<Prompt> | undefined> {
  const serverId = await serverIdOf(store.db, workspaceId, server)
  if (serverId === undefined) return undefined
  const page = planPage<ListedRow>(request, { name: prompts.name, updatedAt: prompts.updatedAt }, prompts.name)
  const rows = await store.db
    .select(ABOUT)
    .from(prompts)
    .innerJoin(promptVersions, isCurrent)
    .where(and(ofServer(prompts, workspaceId, serverId), page.where))
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, ({ id: _id, updatedAt, ...row }) => ({ ...row, updatedAt: updatedAt.toISOString() }))
}

/** A prompt with what its current version says. */
export async function findPrompt(store: Store, place: OfferPlace): Promise<PromptDetail | undefined> {
  const serverId = await serverIdOf(store.db, place.workspaceId, place.server)
  return serverId === undefined ? undefined : readPrompt(store.db, place, serverId)
}

/**
 * Makes a prompt, or a new version of one, which is the current one from then on; what changes nothing makes none. Undefined
 * where there is no such server. @throws Problem `conflict` where there are too many or they are too large together, `too-large`
 */
export function setPrompt(
  store: Store,
  request: Changing<PromptDetail | undefined> & OfferPlace & { readonly prompt: SetPrompt },
): Promise<PromptDetail | undefined> {
  const { workspaceId, actor, name } = request
  return transact(store, workspaceId, async (tx) => {
    const serverId = await serverIdOf(tx, workspaceId, request.server)
    if (serverId === undefined) return undefined
    const current = await readPrompt(tx, request, serverId)
    request.check?.(current)
    if (!current) await refuseTooMany(tx, prompts, { workspaceId, serverId, what: 'prompts' })
    const content = contentOf(request.prompt)
    if (current && canonicalJson(contentOf(current)) === canonicalJson(content)) return current
    refuseTooLarge(content)
    const version = await keepPromptVersion(tx, { workspaceId, serverId, name, actor, content })
    await refuseOverfull(tx, workspaceId, serverId)
    const after = { name, version }
    await recordAudit(tx, { workspaceId, actor, action: 'prompt.set', target: serverId, after })
    await bumpRevisions(tx, workspaceId, [serverId])
    return readPrompt(tx, request, serverId)
  })
}

/** Undefined where there is none. */
export function deletePrompt(
  store: Store,
  request: Changing<PromptDetail> & OfferPlace,
): Promise<PromptDetail | undefined> {
  const { workspaceId, actor, name } = request
  return transact(store, workspaceId, async (tx) => {
    const serverId = await serverIdOf(tx, workspaceId, request.server)
    const current = serverId === undefined ? undefined : await readPrompt(tx, request, serverId)
    if (serverId === undefined || !current) return undefined
    request.check?.(current)
    await tx.delete(prompts).where(isOffer(prompts, request, serverId))
    const before = { name, version: current.version }
    await recordAudit(tx, { workspaceId, actor, action: 'prompt.delete', target: serverId, before })
    await bumpRevisions(tx, workspaceId, [serverId])
    return current
  })
}

/** `findPrompt` inside a transaction. */
export async function readPrompt(db: Database, place: OfferPlace, serverId: string): Promise<PromptDetail | undefined> {
  const [row] = await db
    .select({ ...ABOUT, content: promptVersions.content })
    .from(prompts)
    .innerJoin(promptVersions, isCurrent)
    .where(isOffer(prompts, place, serverId))
  if (!row) return undefined
  const { id: _id, content, updatedAt, ...about } = row
  return { ...about, ...asWritten(content), updatedAt: updatedAt.toISOString() }
}

/** The same with lists that a schema can describe. */
export function asWritten(content: PromptContent): Pick<PromptDetail, 'arguments' | 'messages'> {
  return { arguments: [...content.arguments], messages: [...content.messages] }
}

function contentOf({ title = null, description = null, arguments: args = [], messages }: SetPrompt): PromptContent {
  return { title, description, arguments: args, messages }
}

/** @throws Problem `too-large` */
function refuseTooLarge(content: PromptContent): void {
  if (Buffer.byteLength(JSON.stringify(content)) <= LIMITS.storedBytes) return
  const detail = `A prompt has at most ${LIMITS.storedBytes / 1024 / 1024} MB of JSON.`
  throw new Problem('too-large', { detail, errors: [{ pointer: '/messages', detail, fix: 'Say less.' }] })
}

const ABOUT = {
  id: prompts.name,
  name: prompts.name,
  title: sql<string | null>`${promptVersions.content} ->> 'title'`,
  description: sql<string | null>`${promptVersions.content} ->> 'description'`,
  version: prompts.currentVersion,
  versions:
    subquery<number>(sql`select count(*) from ${promptVersions} as kept where kept.workspace_id = ${prompts.workspaceId}
    and kept.server_id = ${prompts.serverId} and kept.name = ${prompts.name}`).mapWith(Number),
  updatedAt: prompts.updatedAt,
}

interface ListedRow extends Omit<Prompt, 'updatedAt'> {
  readonly id: string
  readonly updatedAt: Date
}

import { type CatalogPrompt, type Composite, LIMITS, Problem, type StoredContent } from '@sluice/contract'
import { and, eq, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { servers, serverTools } from './schema.ts'
import { composites, prompts, promptVersions, resources } from './schema-offers.ts'

/** What names a resource or a prompt. */
export interface OfferPlace {
  readonly workspaceId: string
  /** Its slug. */
  readonly server: string
  readonly name: string
}

/** A stored resource as catalogs have it. */
export interface CatalogResourceRow {
  readonly name: string
  readonly uri: string
  readonly title: string | null
  readonly description: string | null
  readonly mimeType: string
  readonly content: StoredContent
}

/** What a server offers beside tools, as catalogs have it. */
export interface ServerOffers {
  readonly resources: readonly CatalogResourceRow[]
  readonly prompts: readonly CatalogPrompt[]
  /** Enabled ones. */
  readonly composites: readonly CatalogCompositeRow[]
}

export type CatalogCompositeRow = Omit<Composite, 'enabled' | 'tests' | 'updatedAt'>

/** Of a prompt's versions the one that is offered. */
export const isCurrent = and(
  eq(promptVersions.workspaceId, prompts.workspaceId),
  eq(promptVersions.serverId, prompts.serverId),
  eq(promptVersions.name, prompts.name),
  eq(promptVersions.version, prompts.currentVersion),
)

type OfferTable = typeof resources | typeof prompts | typeof composites

/** The rows of one server. */
export function ofServer(table: OfferTable | typeof serverTools, workspaceId: string, serverId: string) {
  return and(eq(table.workspaceId, workspaceId), eq(table.serverId, serverId))
}

/** The one row that a place names. */
export function isOffer(table: OfferTable, { workspaceId, name }: OfferPlace, serverId: string) {
  return and(ofServer(table, workspaceId, serverId), eq(table.name, name))
}

/** Each is in memory where its server is. */
const MOST_OF_A_SERVER = 100

export async function serverIdOf(db: Database, workspaceId: string, slug: string): Promise<string | undefined> {
  const [row] = await db
    .select({ id: servers.id })
    .from(servers)
    .where(and(eq(servers.workspaceId, workspaceId), eq(servers.slug, slug)))
  return row?.id
}

/** The names of a server's composites, enabled or not. */
export async function compositeNames(db: Database, workspaceId: string, serverId: string): Promise<string[]> {
  const rows = await db
    .select({ name: composites.name })
    .from(composites)
    .where(ofServer(composites, workspaceId, serverId))
  return rows.map(({ name }) => name)
}

export async function selectOffers(tx: Database, workspaceId: string, serverId: string): Promise<ServerOffers> {
  const rows = await tx
    .select()
    .from(resources)
    .where(ofServer(resources, workspaceId, serverId))
  const said = await tx
    .select({ name: prompts.name, content: promptVersions.content })
    .from(prompts)
    .innerJoin(promptVersions, isCurrent)
    .where(ofServer(prompts, workspaceId, serverId))
  const made = await tx
    .select()
    .from(composites)
    .where(ofServer(composites, workspaceId, serverId))
  return {
    resources: rows.map(({ name, uri, title, description, mimeType, form, body }) => {
      const content = form === 'text' ? { text: body } : { blob: body }
      return { name, uri, title, description, mimeType, content }
    }),
    prompts: said.map(({ name, content }) => ({ name, ...content })),
    composites: made.flatMap(({ id, name, content: { enabled, tests: _tests, ...about } }) =>
      enabled ? [{ id, name, ...about }] : [],
    ),
  }
}

/**
 * Asked after a change, which its transaction takes back where this refuses.
 * @throws Problem `conflict` where what a server says itself is more than it may be together
 */
export async function refuseOverfull(tx: Database, workspaceId: string, serverId: string): Promise<void> {
  const [stored] = await tx
    .select({ bytes: sql`coalesce(sum(octet_length(${resources.body})), 0)`.mapWith(Number) })
    .from(resources)
    .where(ofServer(resources, workspaceId, serverId))
  const [said] = await tx
    .select({ bytes: sql`coalesce(sum(octet_length(${promptVersions.content}::text)), 0)`.mapWith(Number) })
    .from(prompts)
    .innerJoin(promptVersions, isCurrent)
    .where(ofServer(prompts, workspaceId, serverId))
  const [made] = await tx
    .select({ bytes: sql`coalesce(sum(octet_length(${composites.content}::text)), 0)`.mapWith(Number) })
    .from(composites)
    .where(ofServer(composites, workspaceId, serverId))
  const together = stored!.bytes + said!.bytes + made!.bytes
  if (together <= LIMITS.storedBytesTogether) return
  const [most, wouldBe] = [LIMITS.storedBytesTogether, together].map((bytes) => (bytes / 1024 / 1024).toFixed(1))
  const detail = `The resources, prompts and composites of a server are at most ${most} MB together, bytes as base64; these would be ${wouldBe} MB.`
  throw new Problem('conflict', { detail, errors: [{ pointer: '', detail, fix: 'Delete what nobody uses first.' }] })
}

/**
 * Asked after a change, as above: what stays listed where tools are found costs what finding them saves.
 * @throws Problem `conflict` where more than ten tools and composites are pinned
 */
export async function refuseOverpinned(tx: Database, workspaceId: string, serverId: string): Promise<void> {
  const tools = await tx.$count(
    serverTools,
    and(ofServer(serverTools, workspaceId, serverId), eq(serverTools.pinned, true)),
  )
  const made = await tx.$count(
    composites,
    and(ofServer(composites, workspaceId, serverId), sql`(${composites.content} ->> 'pinned')::boolean`),
  )
  if (tools + made <= LIMITS.pinnedTools) return
  const detail = `At most ${LIMITS.pinnedTools} tools and composites of a server stay listed where tools are found by searching.`
  throw new Problem('conflict', {
    detail,
    errors: [{ pointer: '/pinned', detail, fix: 'Pin another one no longer first.' }],
  })
}

/** @throws Problem `conflict` */
export async function refuseTooMany(
  tx: Database,
  table: OfferTable,
  { workspaceId, serverId, what }: { readonly workspaceId: string; readonly serverId: string; readonly what: string },
): Promise<void> {
  if ((await tx.$count(table, ofServer(table, workspaceId, serverId))) < MOST_OF_A_SERVER) return
  const detail = `A server has at most ${MOST_OF_A_SERVER} ${what}.`
  throw new Problem('conflict', { detail, errors: [{ pointer: 'name', detail, fix: 'Delete one first.' }] })
}

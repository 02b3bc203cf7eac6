import {
  type PageOf,
  type PageRequest,
  Problem,
  type Sample,
  type SampleDetail,
  type SetSample,
} from '@sluice/contract'
import { parseJson } from '@sluice/schema'
import { and, eq, sql } from 'drizzle-orm'
import { recordAudit } from './audit-events.ts'
import { refersTo } from './conditions.ts'
import type { Database } from './database.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { tools, upstreams } from './schema.ts'
import { samples } from './schema-records.ts'
import { readTool } from './tools.ts'
import { transact } from './transact.ts'
import type { Changing } from './writing.ts'

/** What names a sample. */
export interface SamplePlace {
  readonly workspaceId: string
  readonly toolId: string
  readonly name: string
}

/** Each is tried when what is made of answers changes. */
const MOST_OF_A_TOOL = 20
const MOST_BYTES = 1024 * 1024

export async function listSamples(
  store: Store,
  workspaceId: string,
  toolId: string,
  request: PageRequest,
): Promise<PageOf<Sample>> {
  const page = planPage<ListedRow>(request, { name: samples.name, updatedAt: samples.updatedAt }, samples.name)
  const rows = await store.db
    .select(LISTED)
    .from(samples)
    .where(and(ofTool(workspaceId, toolId), page.where))
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, ({ id: _id, ...row }) => toSample(row))
}

/** Tools of an upstream of which something is kept. */
export function listSampledTools(
  store: Store,
  workspaceId: string,
  upstream?: string,
): Promise<Array<{ readonly id: string; readonly name: string }>> {
  return store.db
    .selectDistinct({ id: tools.id, name: tools.name })
    .from(samples)
    .innerJoin(tools, refersTo(samples, samples.toolId, tools))
    .innerJoin(upstreams, refersTo(tools, tools.upstreamId, upstreams))
    .where(and(eq(samples.workspaceId, workspaceId), upstream === undefined ? undefined : eq(upstreams.slug, upstream)))
    .orderBy(tools.name)
}

/** All of a tool, whole. */
export async function readSamples(store: Store, workspaceId: string, toolId: string): Promise<SampleDetail[]> {
  const rows = await store.db.select().from(samples).where(ofTool(workspaceId, toolId)).orderBy(samples.name)
  return rows.map(toDetail)
}

export function findSample(store: Store, place: SamplePlace): Promise<SampleDetail | undefined> {
  return find(store.db, place)
}

/** Makes a sample, or takes the place of one. Undefined where there is no such tool. @throws Problem `conflict` where there are too many, `too-large` */
export function setSample(
  store: Store,
  request: Changing<SampleDetail | undefined> & SamplePlace & { readonly sample: SetSample },
): Promise<SampleDetail | undefined> {
  const { workspaceId, actor, toolId, name, sample } = request
  return transact(store, workspaceId, async (tx) => {
    if (!(await readTool(tx, workspaceId, toolId))) return undefined
    const current = await find(tx, request)
    request.check?.(current)
    if (!current) await refuseTooMany(tx, request)
    const { status = 200, headers = {}, body } = sample.answer
    const text = JSON.stringify(body ?? null)
    if (Buffer.byteLength(text) > MOST_BYTES) throw tooLarge()
    const values = { status, headers, body: text, arguments: { ...sample.arguments }, updatedAt: new Date() }
    await tx
      .insert(samples)
      .values({ workspaceId, toolId, name, ...values })
      .onConflictDoUpdate({ target: [samples.workspaceId, samples.toolId, samples.name], set: values })
    await recordAudit(tx, { workspaceId, actor, action: 'sample.set', target: toolId, after: { name, status } })
    return find(tx, request)
  })
}

/** Undefined where there is none. */
export function deleteSample(
  store: Store,
  request: Changing<SampleDetail> & SamplePlace,
): Promise<SampleDetail | undefined> {
  const { workspaceId, actor, toolId, name } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await find(tx, request)
    if (!current) return undefined
    request.check?.(current)
    await tx.delete(samples).where(isPlace(request))
    await recordAudit(tx, { workspaceId, actor, action: 'sample.delete', target: toolId, before: { name } })
    return current
  })
}

async function refuseTooMany(tx: Database, { workspaceId, toolId }: SamplePlace): Promise<void> {
  if ((await tx.$count(samples, ofTool(workspaceId, toolId))) < MOST_OF_A_TOOL) return
  const detail = `A tool keeps at most ${MOST_OF_A_TOOL} samples.`
  throw new Problem('conflict', {
    detail,
    errors: [{ pointer: 'sample', detail, fix: 'Delete one, or set one anew.' }],
  })
}

function tooLarge(): Problem {
  const detail = `A sample has at most ${MOST_BYTES / 1024 / 1024} MB of JSON.`
  return new Problem('too-large', {
    detail,
    errors: [{ pointer: '/answer/body', detail, fix: 'Keep a smaller answer.' }],
  })
}

const LISTED = {
  id: samples.name,
  name: samples.name,
  status: samples.status,
  bytes: sql`octet_length(${samples.body})`.mapWith(Number),
  updatedAt: samples.updatedAt,
}

interface SampleRow extends Omit<Sample, 'updatedAt'> {
  readonly updatedAt: Date
}

interface ListedRow extends SampleRow {
  readonly id: string
}

function toSample({ updatedAt, ...row }: SampleRow): Sample {
  return { ...row, updatedAt: updatedAt.toISOString() }
}

function toDetail({ name, status, headers, body, updatedAt, ...row }: typeof samples.$inferSelect): SampleDetail {
  const about = toSample({ name, status, bytes: Buffer.byteLength(body), updatedAt })
  return { ...about, arguments: row.arguments, answer: { status, headers, body: parseJson(body) } }
}

async function find(db: Database, place: SamplePlace): Promise<SampleDetail | undefined> {
  const [row] = await db.select().from(samples).where(isPlace(place))
  return row && toDetail(row)
}

function isPlace({ workspaceId, toolId, name }: SamplePlace) {
  return and(ofTool(workspaceId, toolId), eq(samples.name, name))
}

function ofTool(workspaceId: string, toolId: string) {
  return and(eq(samples.workspaceId, workspaceId), eq(samples.toolId, toolId))
}

import {
  type CreateSecret,
  type PageOf,
  type PageRequest,
  Problem,
  type Secret,
  type UpdateSecret,
} from '@sluice/contract'
import { and, eq, isNotNull, ne, or, sql } from 'drizzle-orm'
import { recordAudit } from './audit-events.ts'
import { isRow, subquery } from './conditions.ts'
import { createOnce } from './create-once.ts'
import type { Seal } from './create-sealer.ts'
import type { Database } from './database.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { bumpRevisions } from './revisions.ts'
import { credentials, secrets, serverTools, tools } from './schema.ts'
import { transact } from './transact.ts'
import type { Changing, Creating } from './writing.ts'

/** Secrets that people name, for fixed arguments; those of credentials are theirs alone. */
export async function listSecrets(store: Store, workspaceId: string, request: PageRequest): Promise<PageOf<Secret>> {
  const page = planPage<Row>(
    request,
    {
      name: secrets.name,
      createdAt: secrets.createdAt,
    },
    secrets.id,
  )
  const rows = await select(store.db)
    .where(and(eq(secrets.workspaceId, workspaceId), isNotNull(secrets.name), page.where))
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, toSecret)
}

export function findSecret(store: Store, workspaceId: string, id: string): Promise<Secret | undefined> {
  return findById(store.db, workspaceId, id)
}

/** @throws Problem `conflict` for a name that is taken */
export function createSecret(
  store: Store,
  request: Creating & { readonly values: CreateSecret },
  seal: Seal,
): Promise<Secret> {
  const { workspaceId, actor, values } = request
  const { name, origins } = values
  return createOnce(store, workspaceId, request.once, async (tx) => {
    const id = newId('sec')
    await refuseTaken(tx, workspaceId, id, name)
    const { keyId, sealed } = seal(workspaceId, id, values.value)
    await tx.insert(secrets).values({ workspaceId, id, keyId, sealed, name, origins })
    await recordAudit(tx, { workspaceId, actor, action: 'secret.create', target: id, after: { name, origins } })
    return (await findById(tx, workspaceId, id))!
  })
}

/** Renames a secret or gives it another value. Undefined where there is none. @throws Problem `conflict` for a taken name */
export function updateSecret(
  store: Store,
  request: Changing<Secret> & { readonly id: string; readonly change: UpdateSecret },
  seal: Seal,
): Promise<Secret | undefined> {
  const { workspaceId, actor, id, change } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await findById(tx, workspaceId, id)
    if (!current) return undefined
    request.check?.(current)
    const { name = current.name, value } = change
    await refuseTaken(tx, workspaceId, id, name)
    const resealed = value === undefined ? {} : sealedOnly(seal(workspaceId, id, value))
    await tx
      .update(secrets)
      .set({ name, ...resealed, updatedAt: new Date() })
      .where(isRow(secrets, workspaceId, id))
    // That it has another value is said; the value is not (S39).
    const after = { name, valueChanged: value !== undefined }
    await recordAudit(tx, {
      workspaceId,
      actor,
      action: 'secret.update',
      target: id,
      before: { name: current.name },
      after,
    })
    await bumpRevisions(tx, workspaceId, await serversUsing(tx, workspaceId, id))
    return findById(tx, workspaceId, id)
  })
}

/** False where there is none. @throws Problem `conflict` while a tool has an argument fixed to it */
export function deleteSecret(store: Store, request: Changing<Secret> & { readonly id: string }): Promise<boolean> {
  const { workspaceId, actor, id } = request
  return transact(store, workspaceId, async (tx) => {
    const current = await findById(tx, workspaceId, id)
    if (!current) return false
    request.check?.(current)
    if (current.credentials > 0) {
      const detail = `The secret "${current.name}" stands in the custom headers of a credential.`
      throw new Problem('conflict', { detail, errors: [{ detail, fix: 'Set that credential without it first.' }] })
    }
    if (current.tools > 0) {
      const [tools, those] = current.tools === 1 ? ['a tool', 'that'] : [`${current.tools} tools`, 'those']
      const detail = `The secret "${current.name}" is the fixed argument of ${tools}.`
      const fix = `Change ${those} first: the argument stands under \`arguments\` of the tool.`
      throw new Problem('conflict', { detail, errors: [{ detail, fix }] })
    }
    await tx.delete(secrets).where(isRow(secrets, workspaceId, id))
    const before = { name: current.name, origins: current.origins }
    await recordAudit(tx, { workspaceId, actor, action: 'secret.delete', target: id, before })
    return true
  })
}

/** That a tool has an argument fixed to a secret. */
const usesSecret = (id: unknown) =>
  sql`exists (select from jsonb_each(${tools.argumentEdits}) as edit where edit.value->>'secret' = ${id})`

/** That custom headers name a secret. */
const holdsPart = (id: unknown) =>
  sql`exists (select from jsonb_each_text(${credentials.parts}) as part where part.value = ${id})`

async function serversUsing(tx: Database, workspaceId: string, secretId: string): Promise<string[]> {
  const ofCredential = sql`${tools.upstreamId} in (select ${credentials.upstreamId} from ${credentials} where ${credentials.workspaceId} = ${workspaceId} and ${holdsPart(secretId)})`
  const rows = await tx
    .selectDistinct({ id: serverTools.serverId })
    .from(serverTools)
    .innerJoin(tools, and(eq(tools.workspaceId, serverTools.workspaceId), eq(tools.id, serverTools.toolId)))
    .where(and(eq(tools.workspaceId, workspaceId), or(usesSecret(secretId), ofCredential)))
  return rows.map((row) => row.id)
}

async function refuseTaken(tx: Database, workspaceId: string, id: string, name: string): Promise<void> {
  const others = and(eq(secrets.workspaceId, workspaceId), eq(secrets.name, name), ne(secrets.id, id))
  if ((await tx.$count(secrets, others)) === 0) return
  const detail = `There is a secret "${name}" already.`
  const fix = 'Choose another name, or give that one a new value: PATCH /secrets/{id}.'
  throw new Problem('conflict', { detail, errors: [{ pointer: '/name', detail, fix }] })
}

function sealedOnly({ keyId, sealed }: { keyId: string; sealed: string }) {
  return { keyId, sealed }
}

async function findById(db: Database, workspaceId: string, id: string): Promise<Secret | undefined> {
  const [row] = await select(db).where(and(isRow(secrets, workspaceId, id), isNotNull(secrets.name)))
  return row && toSecret(row)
}

function select(db: Database) {
  return db
    .select({
      id: secrets.id,
      name: secrets.name,
      origins: secrets.origins,
      tools: subquery(
        sql`select count(*) from ${tools} where ${tools.workspaceId} = ${secrets.workspaceId} and ${usesSecret(secrets.id)}`,
      ).mapWith(Number),
      credentials: subquery(
        sql`select count(*) from ${credentials} where ${credentials.workspaceId} = ${secrets.workspaceId} and ${holdsPart(secrets.id)}`,
      ).mapWith(Number),
      createdAt: secrets.createdAt,
      updatedAt: secrets.updatedAt,
    })
    .from(secrets)
}

type Row = Awaited<ReturnType<typeof select>>[number]

function toSecret({ name, origins, createdAt, updatedAt, ...row }: Row): Secret {
  return {
    ...row,
    name: name!,
    origins: [...origins],
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}

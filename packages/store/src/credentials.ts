import {
  type Credential,
  type PageOf,
  type PageRequest,
  Problem,
  type SecurityScheme,
  type TokenGrant,
} from '@sluice/contract'
import { and, eq, inArray } from 'drizzle-orm'
import { recordAudit } from './audit-events.ts'
import { isRow, refersTo } from './conditions.ts'
import type { Seal } from './create-sealer.ts'
import type { Database } from './database.ts'
import { newId } from './new-id.ts'
import type { Store } from './open-store.ts'
import { planPage } from './page.ts'
import { bumpRevisions, serversOfUpstream } from './revisions.ts'
import { credentials, secrets, upstreams } from './schema.ts'
import { transact } from './transact.ts'
import { upstreamId } from './upstreams.ts'
import type { Changing } from './writing.ts'

/** A credential as it is stored, without its secret. */
export interface StoredCredential extends Omit<Credential, 'kind'> {
  /** How the scheme is declared: by a curator, or by the document; undefined where the document no longer has it. */
  readonly declared: SecurityScheme | undefined
  /** Declared by a curator. */
  readonly isPlaced: boolean
}

/** @throws Problem `not-found` where the workspace has no such upstream */
export async function listCredentials(
  store: Store,
  workspaceId: string,
  slug: string,
  request: PageRequest,
): Promise<PageOf<StoredCredential>> {
  const page = planPage<Row>(request, { scheme: credentials.scheme }, credentials.id)
  const id = await upstreamId(store.db, workspaceId, slug)
  const rows = await select(store.db)
    .where(and(eq(credentials.workspaceId, workspaceId), eq(credentials.upstreamId, id), page.where))
    .orderBy(...page.orderBy)
    .limit(page.limit)
  return page.toPage(rows, toCredential)
}

/** @throws Problem `not-found` where the workspace has no such upstream */
export async function findCredential(
  store: Store,
  workspaceId: string,
  slug: string,
  scheme: string,
): Promise<StoredCredential | undefined> {
  return findByScheme(store.db, workspaceId, await upstreamId(store.db, workspaceId, slug), scheme)
}

export interface SharedCredential {
  readonly scheme: string
  /** In the clear; for `basic` it is `user:password`, for custom headers a JSON object. */
  readonly secret: string
  readonly origins: readonly string[]
  /** For a scheme that the document does not declare. */
  readonly placement?: SecurityScheme
  /** Set where access tokens are got with the secret, JSON text of a `TokenSecret`. */
  readonly tokenGrant?: TokenGrant
  /** Names of the secrets that custom headers name. */
  readonly parts?: readonly string[]
}

/**
 * Stores the credential that all callers of an upstream share, in place of the one it had for the scheme.
 * @throws Problem `not-found` where the workspace has no such upstream
 */
export function setCredential(
  store: Store,
  request: Changing<StoredCredential | undefined> & {
    readonly upstream: string
    readonly credential: SharedCredential
  },
  seal: Seal,
): Promise<StoredCredential> {
  const { workspaceId, actor, credential } = request
  const { scheme, origins, placement } = credential
  return transact(store, workspaceId, async (tx) => {
    const id = await upstreamId(tx, workspaceId, request.upstream)
    const before = await findByScheme(tx, workspaceId, id, scheme)
    request.check?.(before)
    await saveCredential(tx, { workspaceId, upstreamId: id, ...credential }, seal)
    const after = { upstream: request.upstream, scheme, origins, placement, tokenGrant: credential.tokenGrant }
    const was = before && { scheme, origins: before.origins }
    await recordAudit(tx, { workspaceId, actor, action: 'credential.set', target: id, before: was, after })
    await bumpRevisions(tx, workspaceId, await serversOfUpstream(tx, workspaceId, id))
    return (await findByScheme(tx, workspaceId, id, scheme))!
  })
}

/** `setCredential` inside a transaction of `transact`. */
export async function saveCredential(
  tx: Database,
  credential: SharedCredential & { readonly workspaceId: string; readonly upstreamId: string },
  seal: Seal,
): Promise<void> {
  const { workspaceId, upstreamId, scheme, origins, placement = null, tokenGrant = null } = credential
  const parts = await findParts(tx, workspaceId, credential.parts ?? [], origins)
  const [stored] = await tx
    .select({ id: credentials.id, secretId: credentials.secretId })
    .from(credentials)
    .where(isShared(workspaceId, upstreamId, scheme))
  const secretId = stored?.secretId ?? newId('sec')
  const { keyId, sealed } = seal(workspaceId, secretId, credential.secret)
  const updatedAt = new Date()
  await tx
    .insert(secrets)
    .values({ workspaceId, id: secretId, keyId, sealed })
    .onConflictDoUpdate({ target: [secrets.workspaceId, secrets.id], set: { keyId, sealed, updatedAt } })
  const how = { origins, placement, tokenGrant, parts, updatedAt }
  await tx
    .insert(credentials)
    .values({
      workspaceId,
      id: stored?.id ?? newId('cred'),
      upstreamId,
      scheme,
      secretId,
      ...how,
    })
    .onConflictDoUpdate({ target: [credentials.workspaceId, credentials.id], set: how })
}

/** @throws Problem `credential-mismatch` for a name that no secret has, or one that the credential's origins may not see */
async function findParts(
  tx: Database,
  workspaceId: string,
  names: readonly string[],
  origins: readonly string[],
): Promise<Record<string, string>> {
  if (names.length === 0) return {}
  const found = await tx
    .select({ id: secrets.id, name: secrets.name, origins: secrets.origins })
    .from(secrets)
    .where(and(eq(secrets.workspaceId, workspaceId), inArray(secrets.name, [...names])))
  const byName = new Map(found.map((secret) => [secret.name, secret]))
  for (const name of names) {
    const secret = byName.get(name)
    const detail = secret
      ? `The secret "${name}" is bound to ${secret.origins.join(', ')}, and these headers go to ${origins.join(', ')}.`
      : `There is no secret "${name}".`
    const fix = secret ? 'Make a secret for that origin.' : 'Make it first: sluice secret create, or POST /secrets.'
    if (!secret || !origins.every((origin) => secret.origins.includes(origin)))
      throw new Problem('credential-mismatch', { detail, errors: [{ pointer: '/headers', detail, fix }] })
  }
  return Object.fromEntries(names.map((name) => [name, byName.get(name)!.id]))
}

/** Deletes a credential and its secret. False where there is none. @throws Problem `not-found` without such an upstream */
export function deleteCredential(
  store: Store,
  request: Changing<StoredCredential> & { readonly upstream: string; readonly scheme: string },
): Promise<boolean> {
  const { workspaceId, actor, upstream, scheme } = request
  return transact(store, workspaceId, async (tx) => {
    const id = await upstreamId(tx, workspaceId, upstream)
    const current = await findByScheme(tx, workspaceId, id, scheme)
    if (current) request.check?.(current)
    const [gone] = await tx
      .delete(credentials)
      .where(isShared(workspaceId, id, scheme))
      .returning()
    if (!gone) return false
    await tx.delete(secrets).where(isRow(secrets, workspaceId, gone.secretId))
    const before = { upstream, scheme, origins: gone.origins }
    await recordAudit(tx, { workspaceId, actor, action: 'credential.delete', target: id, before })
    await bumpRevisions(tx, workspaceId, await serversOfUpstream(tx, workspaceId, id))
    return true
  })
}

function isShared(workspaceId: string, upstreamId: string, scheme: string) {
  return and(
    eq(credentials.workspaceId, workspaceId),
    eq(credentials.upstreamId, upstreamId),
    eq(credentials.scheme, scheme),
    eq(credentials.subject, 'shared'),
  )
}

async function findByScheme(db: Database, workspaceId: string, upstreamId: string, scheme: string) {
  const [row] = await select(db).where(isShared(workspaceId, upstreamId, scheme))
  return row && toCredential(row)
}

function select(db: Database) {
  return db
    .select({
      id: credentials.id,
      upstream: upstreams.slug,
      scheme: credentials.scheme,
      subject: credentials.subject,
      origins: credentials.origins,
      placement: credentials.placement,
      tokenGrant: credentials.tokenGrant,
      schemes: upstreams.securitySchemes,
      updatedAt: credentials.updatedAt,
    })
    .from(credentials)
    .innerJoin(upstreams, refersTo(credentials, credentials.upstreamId, upstreams))
}

type Row = Awaited<ReturnType<typeof select>>[number]

function toCredential({ placement, schemes, origins, updatedAt, ...row }: Row): StoredCredential {
  return {
    ...row,
    origins: [...origins],
    declared: placement ?? schemes[row.scheme],
    isPlaced: placement !== null,
    updatedAt: updatedAt.toISOString(),
  }
}

import { and, eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { readCatalogUpstream } from './catalog-upstreams.ts'
import {
  deleteCredential,
  findCredential,
  listCredentials,
  type SharedCredential,
  setCredential,
} from './credentials.ts'
import { secrets } from './schema.ts'
import { auditEvents } from './schema-records.ts'
import { createSecret, deleteSecret, updateSecret } from './secrets.ts'
import { findServer } from './servers.ts'
import { onEachDatabase } from './testing/databases.ts'
import { importExample, newWorkspace, operation, sealer } from './testing/examples.ts'

const ORIGINS = ['https://api.example.com']
const PLACEMENT = { type: 'apiKey', in: 'header', name: 'X-Key' } as const

onEachDatabase((store) => {
  const actor = 'ak_someone'

  /** An upstream and its server, of one slug, without credentials. */
  async function upstream() {
    const workspaceId = await newWorkspace(store())
    const slug = `cred-${workspaceId.slice(-8)}`
    await importExample(store(), workspaceId, { slug, operations: [operation('a')] })
    const set = (credential: Partial<SharedCredential>) => {
      const all = { scheme: 'key', secret: 'canary-1', origins: ORIGINS, placement: PLACEMENT, ...credential }
      return setCredential(store(), { workspaceId, actor, upstream: slug, credential: all }, sealer.seal)
    }
    const presented = async () => {
      const found = await readCatalogUpstream(store(), workspaceId, slug)
      return found!.credentials.map(({ scheme, secret }) => [scheme, sealer.open(secret)])
    }
    const revision = async () => (await findServer(store(), workspaceId, slug))!.revision
    return { workspaceId, slug, set, presented, revision }
  }

  test('is stored for its scheme, found, listed and presented', async () => {
    const { workspaceId, slug, set, presented, revision } = await upstream()
    const before = await revision()
    const stored = await set({})
    expect(stored).toMatchObject({ upstream: slug, scheme: 'key', subject: 'shared', origins: ORIGINS, isPlaced: true })
    expect(stored.declared).toEqual(PLACEMENT)
    expect(await findCredential(store(), workspaceId, slug, 'key')).toEqual(stored)
    expect((await listCredentials(store(), workspaceId, slug, {})).items).toEqual([stored])
    expect(await presented()).toEqual([['key', 'canary-1']])
    expect(await revision()).toBe(before + 1)
  })

  test('set again, it is replaced under the same id, with one secret; another scheme stands beside it', async () => {
    const { workspaceId, set, presented } = await upstream()
    const first = await set({})
    const again = await set({ secret: 'canary-2', origins: ['https://other.example.com'] })
    expect(again).toMatchObject({ id: first.id, origins: ['https://other.example.com'] })
    expect(await presented()).toEqual([['key', 'canary-2']])
    expect(await store().db.$count(secrets, eq(secrets.workspaceId, workspaceId))).toBe(1)
    await set({ scheme: 'second', secret: 'canary-3' })
    expect((await presented()).toSorted()).toEqual([
      ['key', 'canary-2'],
      ['second', 'canary-3'],
    ])
  })

  test('deleted, its secret is gone too, and its servers are bumped', async () => {
    const { workspaceId, slug, set, presented, revision } = await upstream()
    await set({})
    await set({ scheme: 'second', secret: 'canary-3' })
    const before = await revision()
    expect(await deleteCredential(store(), { workspaceId, actor, upstream: slug, scheme: 'key' })).toBe(true)
    expect(await deleteCredential(store(), { workspaceId, actor, upstream: slug, scheme: 'key' })).toBe(false)
    expect(await presented()).toEqual([['second', 'canary-3']])
    expect(await store().db.$count(secrets, eq(secrets.workspaceId, workspaceId))).toBe(1)
    expect(await revision()).toBe(before + 1)
  })

  test('S39: neither the rows nor the audit trail show a secret', async () => {
    const { workspaceId, slug, set } = await upstream()
    await set({})
    await set({ secret: 'canary-2' })
    await deleteCredential(store(), { workspaceId, actor, upstream: slug, scheme: 'key' })
    const events = await store()
      .db.select()
      .from(auditEvents)
      .where(and(eq(auditEvents.workspaceId, workspaceId)))
    expect(JSON.stringify(events)).not.toContain('canary')
    expect(events.filter(({ action }) => action.startsWith('credential.'))).toMatchObject([
      { action: 'credential.set', before: null, after: { upstream: slug, scheme: 'key', origins: ORIGINS } },
      { action: 'credential.set', before: { scheme: 'key', origins: ORIGINS } },
      { action: 'credential.delete', before: { upstream: slug, scheme: 'key', origins: ORIGINS }, after: null },
    ])
  })

  test('S59: the upstream of another workspace is not there', async () => {
    const { workspaceId, slug, set, presented } = await upstream()
    await set({})
    const stranger = await newWorkspace(store())
    const missing = { code: 'not-found' }
    const credential = { scheme: 'key', secret: 'taken over', origins: ORIGINS }
    const by = { workspaceId: stranger, actor, upstream: slug }
    await expect(setCredential(store(), { ...by, credential }, sealer.seal)).rejects.toMatchObject(missing)
    await expect(deleteCredential(store(), { ...by, scheme: 'key' })).rejects.toMatchObject(missing)
    await expect(listCredentials(store(), stranger, slug, {})).rejects.toMatchObject(missing)
    await expect(findCredential(store(), stranger, slug, 'key')).rejects.toMatchObject(missing)
    expect(await presented()).toEqual([['key', 'canary-1']])
    expect(await findCredential(store(), workspaceId, slug, 'key')).toMatchObject({ scheme: 'key' })
  })

  test('B157 what custom headers name is found by its id, and cannot be deleted under them', async () => {
    const { workspaceId, slug, set, revision } = await upstream()
    const values = { name: 'tenant', value: 'canary-9', origins: ORIGINS }
    const { id } = await createSecret(store(), { workspaceId, actor, values }, sealer.seal)
    const headers: Partial<SharedCredential> = { placement: { type: 'headers' }, parts: ['tenant'] }
    await set({ ...headers, secret: `{"X-T":"t=\${tenant}"}` })
    const presented = async () => (await readCatalogUpstream(store(), workspaceId, slug))!.credentials[0]!.parts
    expect(sealer.open((await presented())!.tenant!.secret)).toBe('canary-9')
    await expect(deleteSecret(store(), { workspaceId, actor, id })).rejects.toMatchObject({ code: 'conflict' })
    const before = await revision()
    await updateSecret(store(), { workspaceId, actor, id, change: { value: 'canary-10', name: 'other' } }, sealer.seal)
    expect(await revision()).toBe(before + 1)
    expect(sealer.open((await presented())!.tenant!.secret)).toBe('canary-10')
    await set({ secret: 'plain' })
    expect(await presented()).toBeUndefined()
    expect(await deleteSecret(store(), { workspaceId, actor, id })).toBe(true)
  })

  test.each([
    ['nobody made', ['nobody'], ORIGINS, /There is no secret "nobody"/],
    ['another origin may see', ['tenant'], ['https://elsewhere.test'], /bound to https:..api.example.com/],
  ])('S42 a secret that %s is refused in headers', async (_name, parts, origins, detail) => {
    const { workspaceId, set, presented } = await upstream()
    const values = { name: 'tenant', value: 'canary-9', origins: ORIGINS }
    await createSecret(store(), { workspaceId, actor, values }, sealer.seal)
    const refused = set({ placement: { type: 'headers' }, parts, origins })
    await expect(refused).rejects.toMatchObject({ code: 'credential-mismatch', detail: expect.stringMatching(detail) })
    expect(await presented()).toEqual([])
  })

  test('how tokens are got is stored beside the secret, shown, and gone with it', async () => {
    const { workspaceId, slug, set } = await upstream()
    const tokenGrant = {
      grant: 'client_credentials',
      tokenUrl: 'https://login.test/token',
      clientId: 'me',
      clientAuth: 'post',
      scopes: ['a'],
      parameters: {},
    } as const
    const stored = await set({ tokenGrant: { ...tokenGrant, scopes: ['a'] }, secret: '{"clientSecret":"canary"}' })
    expect(stored.tokenGrant).toEqual(tokenGrant)
    expect((await readCatalogUpstream(store(), workspaceId, slug))!.credentials[0]!.grant).toEqual(tokenGrant)
    expect((await set({})).tokenGrant).toBeNull()
    expect((await readCatalogUpstream(store(), workspaceId, slug))!.credentials[0]).not.toHaveProperty('grant')
  })
})

import type { SealedSecret } from '@sluice/contract'
import { createSealer, openStore, sealingKey } from '@sluice/store'
import { expect, test } from 'vitest'
import { findFolders } from '../folders.ts'
import { renewGrant } from './renew-grant.ts'

test('a database that is away is told as that, and a credential that is gone as that', async () => {
  const { migrations: migrationsFolder, snapshot } = findFolders()
  const store = await openStore({ migrationsFolder, dataFolder: null, snapshot })
  const sealer = createSealer({ current: sealingKey(crypto.getRandomValues(Buffer.alloc(32))), older: [] })
  const grant: SealedSecret = { workspaceId: 'ws', secretId: 'sec', keyId: 'key', sealed: 'text' }
  const renewed = () => renewGrant(store, sealer)(grant, async () => undefined)
  await expect(renewed()).rejects.toMatchObject({
    kind: 'needs-authorization',
    message: expect.stringContaining('was deleted'),
  })
  await store.close()
  await expect(renewed()).rejects.toMatchObject({
    kind: 'upstream',
    message: expect.stringContaining('The database does not answer'),
  })
})

import { timingSafeEqual } from 'node:crypto'
import { type Admin, Problem } from '@sluice/contract'
import { findAdminKey, hashKey } from '@sluice/store'
import { bearerKey } from '../mcp/authenticate.ts'
import type { AdminDeps } from './deps.ts'

/**
 * Who sends this `Authorization` header. Hashes are compared: their time tells nothing of a key (S49).
 * @throws Problem `unauthorized`
 */
export async function authenticateAdmin(
  authorization: string | undefined,
  { store, installationKey }: Pick<AdminDeps, 'store' | 'installationKey'>,
): Promise<Admin> {
  const key = bearerKey(authorization)
  if (key !== undefined && installationKey !== undefined && isSame(key, installationKey)) return INSTALLATION
  const admin = key === undefined ? undefined : await findAdminKey(store, key)
  if (admin) return admin
  const detail =
    'Send an admin key as "Authorization: Bearer sla_…". The first one lies in the file admin.key in the data folder; `sluice admin-key create` makes another. Workspaces are managed with the installation key, the setting INSTALLATION_KEY.'
  throw new Problem('unauthorized', { detail })
}

/** Whoever holds the installation key: in no workspace, so nothing of any is theirs to see. */
const INSTALLATION: Admin = { id: 'installation', workspaceId: '', name: 'installation key', role: 'installation' }

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(hashKey(one), 'hex'), Buffer.from(hashKey(other), 'hex'))
}

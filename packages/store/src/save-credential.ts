import { and, eq } from 'drizzle-orm'
import type { Seal } from './create-sealer.ts'
import type { Database } from './database.ts'
import { newId } from './new-id.ts'
import { credentials, secrets } from './schema.ts'

export interface SharedCredential {
  readonly workspaceId: string
  readonly upstreamId: string
  /** Name of the security scheme. */
  readonly scheme: string
  /** In the clear; for `basic` it is `user:password`. */
  readonly secret: string
  readonly origins: readonly string[]
}

/** Stores the credential that all callers of an upstream share, in place of the one it had for the scheme. */
export async function saveCredential(tx: Database, credential: SharedCredential, seal: Seal): Promise<void> {
  const { workspaceId, upstreamId, scheme, origins } = credential
  const [stored] = await tx
    .select({ id: credentials.id, secretId: credentials.secretId })
    .from(credentials)
    .where(
      and(
        eq(credentials.workspaceId, workspaceId),
        eq(credentials.upstreamId, upstreamId),
        eq(credentials.scheme, scheme),
        eq(credentials.subject, 'shared'),
      ),
    )
  const secretId = stored?.secretId ?? newId('sec')
  const { keyId, sealed } = seal(workspaceId, secretId, credential.secret)
  await tx
    .insert(secrets)
    .values({ workspaceId, id: secretId, keyId, sealed })
    .onConflictDoUpdate({ target: [secrets.workspaceId, secrets.id], set: { keyId, sealed } })
  await tx
    .insert(credentials)
    .values({ workspaceId, id: stored?.id ?? newId('cred'), upstreamId, scheme, origins, secretId })
    .onConflictDoUpdate({ target: [credentials.workspaceId, credentials.id], set: { origins } })
}

import { type Admin, Installation, Problem, RotatedKeys } from '@sluice/contract'
import { DEFAULT_WORKSPACE_ID, readDatabaseState, recordCopy, recordKeyRotation } from '@sluice/store'
import { Type } from 'typebox'
import { VERSION } from '../version.ts'
import type { AdminDeps } from './deps.ts'
import { type AdminRoute, route } from './route.ts'

/** What is the installation's, and so its owner's: whoever holds the first key of all has the machine (decision 30). */
export function installationRoutes({ store, rotateKeys, settings, publicUrl }: AdminDeps): AdminRoute[] {
  const tag = 'Installation'
  return [
    route(
      {
        method: 'GET',
        path: '/installation',
        operationId: 'get_installation',
        tag,
        summary: 'What this gateway is, and what it runs on',
        description:
          'Versions, clocks and settings, as `sluice doctor` looks at them. For an owner of the default workspace.',
        role: 'owner',
        status: 200,
        answers: 'The gateway that was asked, of several.',
        answer: Installation,
      },
      async ({ admin }) => {
        refuseTenants(admin)
        const { version, time } = await readDatabaseState(store)
        const kind = store.kind === 'pglite' ? ('embedded' as const) : ('postgres' as const)
        const { host, workers, egressAllow } = settings
        return {
          version: VERSION,
          node: process.version,
          time: new Date().toISOString(),
          database: { kind, version, time: time.toISOString() },
          host,
          publicUrl: publicUrl(),
          workers,
          egressAllow: [...egressAllow],
        }
      },
    ),
    route(
      {
        method: 'POST',
        path: '/key-rotations',
        operationId: 'rotate_master_key',
        tag,
        summary: 'Seal all secrets under a new master key',
        description:
          'A new key is made in the data folder, next to the old one, until nothing is sealed under that any more. Calls go on. What was interrupted goes on by itself. For an owner of the default workspace.',
        role: 'owner',
        status: 200,
        answers: 'The new key’s id, and how much was sealed anew.',
        answer: RotatedKeys,
        problems: ['conflict'],
      },
      async ({ admin, by }) => {
        refuseTenants(admin)
        const rotated = await rotateKeys()
        await recordKeyRotation(store, by, rotated)
        return rotated
      },
    ),
    route(
      {
        method: 'GET',
        path: '/backup',
        operationId: 'download_backup',
        tag,
        summary: 'Copy the embedded database, while it is used',
        description:
          'The whole of it between two changes, for `sluice restore`. Secrets are sealed in it, and the master key is not in it. PostgreSQL is copied with its own programs. For an owner of the default workspace.',
        role: 'owner',
        status: 200,
        answers: 'The copy, a gzipped tar.',
        answer: Type.String({ format: 'binary' }),
        answerType: 'application/gzip',
        problems: ['conflict'],
      },
      async ({ admin, by }) => {
        refuseTenants(admin)
        if (!store.dump) throw notEmbedded()
        const copy = Buffer.from(await store.dump())
        // Before it is given away: nobody has a copy of which the trail says nothing.
        await recordCopy(store, by, copy.byteLength)
        return copy
      },
    ),
  ]
}

function notEmbedded(): Problem {
  const detail = 'The database is PostgreSQL, which is copied with its own programs.'
  const fix = 'Run: pg_dump --format=custom --file=sluice.dump "$DATABASE_URL"'
  return new Problem('conflict', { detail, errors: [{ detail, fix }] })
}

function refuseTenants({ workspaceId }: Admin): void {
  if (workspaceId === DEFAULT_WORKSPACE_ID) return
  throw new Problem('role-required', {
    detail: 'This is for an owner of the default workspace: it concerns all workspaces.',
  })
}

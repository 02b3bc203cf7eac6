import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testSnapshot } from './testing/databases.ts'
import { unpackSnapshot } from './unpack-snapshot.ts'

test('unpacks every file of a snapshot, whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-unpack-'))
  await unpackSnapshot(await testSnapshot(), folder)
  expect(await readFile(join(folder, 'PG_VERSION'), 'utf8')).toBe('18\n')
  expect(await readFile(join(folder, 'global/pg_control'))).toHaveLength(8192)
  expect(await readFile(join(folder, 'postgresql.conf'), 'utf8')).toMatch(/^# -+\n# PostgreSQL configuration file\n/)
  expect((await readdir(folder)).filter((name) => name.startsWith('pg_')).length).toBeGreaterThan(15)
  await rm(folder, { recursive: true })
})

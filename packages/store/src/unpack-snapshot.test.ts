import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
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

test('a snapshot holds one database, and none to make others of', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-unpack-'))
  await unpackSnapshot(await testSnapshot(), folder)
  expect(await readdir(join(folder, 'base'))).toHaveLength(1)
  await rm(folder, { recursive: true })
})

test.each(['../outside', 'base/../../outside'])('S23 an archive that names %s is refused', async (path) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-unpack-'))
  const tar = Buffer.alloc(1536)
  tar.write(path)
  tar.write('00000000004\0', 124)
  tar.write('evil', 512)
  await writeFile(join(folder, 'bad'), gzipSync(tar))
  await expect(unpackSnapshot(join(folder, 'bad'), join(folder, 'in'))).rejects.toThrow('lies outside')
  expect(existsSync(join(folder, 'outside'))).toBe(false)
  await rm(folder, { recursive: true })
})

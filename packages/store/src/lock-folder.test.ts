import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DataFolderInUse, lockFolder } from './lock-folder.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-lock-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('lets nobody else in until it is given back, and says who has it and what to do', () => {
  const unlock = lockFolder(folder)
  expect(() => lockFolder(folder)).toThrow(DataFolderInUse)
  expect(() => lockFolder(folder)).toThrow(
    new RegExp(`${folder} is in use by process ${process.pid} on .*DATA_DIR.*DATABASE_URL`),
  )
  unlock()
  lockFolder(folder)()
})

test('leaves no name behind when it is given back', async () => {
  lockFolder(folder)()
  expect(await readdir(folder)).toEqual(['database.lock'])
})

import { mkdtempSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readMasterKeys } from './master-key.ts'

test('a key that is there is read and nothing is written, as in a folder that is read-only or full', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-keys-'))
  const made = readMasterKeys(undefined, folder)
  utimesSync(folder, 1, 1)
  expect(readMasterKeys(undefined, folder)).toEqual({ ...made, isNew: false })
  expect([made.isNew, readdirSync(folder), statSync(folder).mtimeMs]).toEqual([true, ['master.key'], 1000])
})

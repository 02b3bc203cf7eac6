import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { filesBelow } from './files-below.ts'

test('S25 neither a link to a file nor one to a folder leads out, nor round', () => {
  const [folder, outside] = ['in-', 'out-'].map((name) => mkdtempSync(join(tmpdir(), `sluice-${name}`))) as [
    string,
    string,
  ]
  onTestFinished(() => [folder, outside].forEach((one) => void rmSync(one, { recursive: true })))
  for (const below of ['b/c', 'node_modules/d', '.git']) mkdirSync(join(folder, below), { recursive: true })
  for (const file of ['a.json', 'b/c/b.json', 'b.txt', 'node_modules/d/n.json', '.git/g.json'])
    writeFileSync(join(folder, file), '{}')
  writeFileSync(join(outside, 'secret.json'), '{}')
  symlinkSync(outside, join(folder, 'outside'))
  symlinkSync(join(outside, 'secret.json'), join(folder, 'b/secret.json'))
  symlinkSync(folder, join(folder, 'b/round'))
  expect(filesBelow(folder, (path) => path.endsWith('.json'))).toEqual(['a.json', 'b/c/b.json'])
})

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { INSTALL } from './corpus-documents.ts'

/** Installs what the corpus is read from and judged by, as its own lock file says: once, apart from the workspaces. */
export function installCorpus(): void {
  const stamp = join(INSTALL, 'node_modules', '.installed')
  const wanted = readFileSync(join(INSTALL, 'package-lock.json'), 'utf8')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('Installing the corpus (npm ci in tests/corpus/install): 900 MB, once.')
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: INSTALL,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error('npm ci did not succeed; its message stands above.')
  writeFileSync(stamp, wanted)
}

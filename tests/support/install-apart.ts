import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Installs what a folder's own lock file says: once, apart from the workspaces, so that nobody else waits for it. */
export function installApart(folder: string, what: string): void {
  const stamp = join(folder, 'node_modules', '.installed')
  const wanted = readFileSync(join(folder, 'package-lock.json'), 'utf8')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  process.stdout.write(`Installing ${what} (npm ci), once.\n`)
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error('npm ci did not succeed; its message stands above.')
  writeFileSync(stamp, wanted)
}

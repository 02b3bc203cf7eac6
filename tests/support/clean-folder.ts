import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ROOT } from './spawned.ts'

/**
 * A folder with what a clone would have, and what an install would add to it: packages of others are linked to, our own are those
 * of the folder.
 */
export function cleanFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-clone-'))
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
  for (const name of files.toString().split('\0').filter(isNeeded)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    cpSync(join(ROOT, name), join(folder, name))
  }
  linkModules('.', folder)
  for (const room of ['apps', 'packages']) {
    for (const name of readdirSync(join(ROOT, room))) linkModules(join(room, name), folder)
  }
  return folder
}

/** Tests and documents are followed from outside of it. */
function isNeeded(name: string): boolean {
  return name !== '' && !/^(?:tests|docs)\/|\.test\.ts$/.test(name)
}

function linkModules(place: string, folder: string): void {
  const from = join(ROOT, place, 'node_modules')
  const to = join(folder, place, 'node_modules')
  for (const name of modulesIn(from)) {
    mkdirSync(to, { recursive: true })
    if (name === '@sluice') cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true })
    else symlinkSync(join(from, name), join(to, name))
  }
}

function modulesIn(place: string): string[] {
  try {
    return readdirSync(place)
  } catch {
    return []
  }
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

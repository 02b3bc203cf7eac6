import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where a program of the machine is, such as one that Debian puts where only root looks for it; `undefined`: nowhere. */
export function installed(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin']
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path))
}

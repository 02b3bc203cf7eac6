import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The files of a folder and of those below it, by their paths in it with `/`, in order. Links are not followed, those to folders
 * neither, as the recursion of Node would: what lies outside stays outside.
 */
export function filesBelow(folder: string, isWanted: (path: string) => boolean): string[] {
  const found: string[] = []
  const open = ['']
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const entry of readdirSync(join(folder, at), { withFileTypes: true })) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`
      if (entry.isDirectory()) open.push(...(NOT_OURS.has(entry.name) ? [] : [path]))
      else if (entry.isFile() && isWanted(path)) found.push(path)
    }
  return found.toSorted()
}

const NOT_OURS: ReadonlySet<string> = new Set(['node_modules', '.git'])

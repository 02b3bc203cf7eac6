import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Loads a module as code in the folder `install` would import it. Needs --experimental-import-meta-resolve. */
export async function loadFrom<T>(install: string, specifier: string): Promise<T> {
  return (await import(import.meta.resolve(specifier, pathToFileURL(join(install, 'package.json')).href))) as T
}

/** The file of a program that a package brings. */
export function programIn(install: string, name: string, program: string): string {
  const folder = join(install, 'node_modules', name)
  return join(folder, manifestIn(install, name).bin![program]!)
}

export function versionIn(install: string, name: string): string {
  return manifestIn(install, name).version
}

function manifestIn(install: string, name: string): { version: string; bin?: Record<string, string> } {
  return JSON.parse(readFileSync(join(install, 'node_modules', name, 'package.json'), 'utf8'))
}

import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { ApiProblem } from './admin-api.ts'
import { UsageFault } from './command.ts'
import { filesBelow } from './files-below.ts'

/** A document as the admin API takes it: a text, a URL, or a zip of several documents. */
export type Document = { readonly text: string } | { readonly url: string } | { readonly bytes: Uint8Array }

/** What a person names on the command line: a file, a folder, a zip of one, a URL, or `-` for standard input. */
export async function readDocument(source: string): Promise<Document> {
  if (/^https?:\/\//i.test(source)) return { url: source }
  if (source === '-') return { text: await readAll(process.stdin) }
  if (/\.zip$/i.test(source)) return { bytes: readBytes(source) }
  return isFolder(source) ? { bytes: await packFolder(source) } : { text: readText(source) }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** The documents of a folder, links not followed: what lies outside it stays outside. */
async function packFolder(folder: string): Promise<Uint8Array> {
  const { packFiles } = await import('@sluice/openapi')
  const paths = filesBelow(folder, (path) => /\.(json|ya?ml)$/i.test(path))
  if (paths.length === 0) throw new UsageFault(`${folder} has no JSON or YAML file.`)
  return packFiles(new Map(paths.map((path) => [path, readText(join(folder, path))])))
}

/** @throws ApiProblem when there is no such file: the command line may be right, and a script can tell */
export function readText(path: string): string {
  return readBytes(path).toString('utf8')
}

/** @throws ApiProblem when there is no such file: the command line may be right, and a script can tell */
export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const detail = `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`
    throw new ApiProblem({ detail })
  }
}

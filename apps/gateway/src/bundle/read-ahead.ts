import { createHash } from 'node:crypto'
import type { Admin } from '@sluice/contract'
import type { ImportSource } from '@sluice/openapi'
import type { WorkspaceRows } from '@sluice/store'
import type { ImportDeps } from '../imports/import-deps.ts'
import { readImport } from '../imports/read-import.ts'
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
  slugs: readonly string[],
  before: WorkspaceRows,
  deps: ImportDeps,
): Promise<Pick<ImportDeps, 'readSpec' | 'missingUrls' | 'send'>> {
  const remembered = {
    readSpec: remembering(deps.readSpec, keyOfSource),
    missingUrls: remembering(deps.missingUrls, keyOfSource),
    send: deps.send,
  }
  const fetched = new Map<string, ReturnType<ImportDeps['send']>>()
  const sending: ImportDeps['send'] = (request, limits) => {
    const known = fetched.get(request.url) ?? deps.send(request, limits)
    fetched.set(request.url, known)
    return known
  }
  const within = { ...deps, ...remembered, send: sending }
  for (const slug of slugs) {
    const allow = before.upstreams.find((upstream) => upstream.slug === slug)?.allow ?? []
    const place = { path: `upstreams/${slug}/upstream.yaml`, pointer: '/document' }
    await atPlace(bundle.texts, place, () =>
      readImport(admin, { upstream: slug }, receivedFrom(bundle, slug), allow, within),
    )
  }
  return { ...remembered, send: sending }
}

function remembering<T>(ask: (source: ImportSource) => Promise<T>, keyOf: (source: ImportSource) => string) {
  const known = new Map<string, Promise<T>>()
  return (source: ImportSource): Promise<T> => {
    const key = keyOf(source)
    const answer = known.get(key) ?? ask(source)
    known.set(key, answer)
    return answer
  }
}

function keyOfSource(source: ImportSource): string {
  const { files, unfetched, ...said } = source
  const hash = createHash('sha256')
  for (const [name, value] of Object.entries(said)) hash.update(`${name}\0`).update(value as string | Uint8Array)
  for (const named of [files, unfetched]) hash.update(JSON.stringify([...(named ?? [])]))
  return hash.digest('hex')
}

import {
  type Admin,
  type HeaderList,
  type ImportQuery,
  type ImportRequest,
  Problem,
  type ReadSpec,
} from '@sluice/contract'
import type { StoredImport } from '@sluice/store'
import { givenFetchHeaders } from './fetch-headers.ts'
import { fetchReferred } from './fetch-referred.ts'
import { fetchSpec } from './fetch-spec.ts'
import type { ImportDeps } from './import-deps.ts'
import type { ReceivedDocument } from './pack-document.ts'
import { sendFor } from './send-for.ts'
import { slugOf } from './slug-of.ts'
import type { ReaderSource } from './spec-reader.ts'

/** A request with the document that came with it. */
export type ReceivedImport = Omit<ImportRequest, 'text'> & {
  readonly document?: ReceivedDocument
  /** Of a document that was sent: where it came from, and where it is fetched again. */
  readonly origin?: { readonly url?: string; readonly refreshUrl: string | null }
}

/** A document that was received and read, and the upstream it is for. */
export interface ReadImport {
  readonly received: ReceivedDocument
  readonly spec: ReadSpec
  readonly upstreamSlug: string
  /** Where its tools go. */
  readonly serverSlug: string
  readonly stored: StoredImport
  readonly settings: Settings
}

/** What an upstream keeps for its next import: given again, it takes the place of what there was. */
export interface Settings {
  readonly overlay: string | null
  readonly externalRefs: readonly string[]
}

/**
 * The document as its upstream has it read: with the overlay that is given, else the stored one. An upstream may be named by
 * the document's own title, so that is read first where nothing else says.
 */
export async function readImport(
  admin: Admin,
  query: ImportQuery,
  request: ReceivedImport,
  allow: readonly string[],
  given: ImportDeps,
): Promise<ReadImport> {
  const deps = { ...given, send: sendFor(admin.workspaceId, given.send) }
  const headers = givenFetchHeaders(request.fetchHeaders) ?? (await storedHeaders(admin, query, request, deps))
  const received = await receive(request, allow, deps, headers)
  const read = async ({ overlay, externalRefs }: Settings) =>
    deps.readSpec(await fetchReferred(sourceOf(request, received.packed, overlay), externalRefs, allow, deps, headers))
  const known = query.upstream === undefined ? undefined : await deps.readStored(admin.workspaceId, query.upstream)
  const first = settingsOf(request, known)
  const spec = await read(first)
  const upstreamSlug = query.upstream ?? slugOf(spec.title)
  const stored = known ?? (await deps.readStored(admin.workspaceId, upstreamSlug))
  const settings = settingsOf(request, stored)
  const isSame = settings.overlay === first.overlay && settings.externalRefs.join() === first.externalRefs.join()
  const serverSlug = query.server ?? knownServer(stored, upstreamSlug) ?? upstreamSlug
  return { received, spec: isSame ? spec : await read(settings), upstreamSlug, serverSlug, stored, settings }
}

/** Where its tools are already: on the server of its own name, else where most are. */
function knownServer({ servers }: StoredImport, upstreamSlug: string): string | undefined {
  return servers.includes(upstreamSlug) ? upstreamSlug : servers[0]
}

function settingsOf(request: ReceivedImport, stored: StoredImport | undefined): Settings {
  const overlay = request.overlay ?? stored?.upstream?.overlay
  return { overlay: overlay || null, externalRefs: request.externalRefs ?? stored?.upstream?.externalRefs ?? [] }
}

function sourceOf(request: ReceivedImport, packed: Uint8Array, overlay: string | null): ReaderSource {
  return {
    packed,
    ...urlOf(request),
    ...(request.entry ? { entry: request.entry } : {}),
    ...(overlay === null ? {} : { overlay }),
  }
}

function urlOf({ url, origin }: ReceivedImport): { url?: string } {
  const known = url ?? origin?.url
  return known ? { url: known } : {}
}

/** An import by URL of an upstream that is named is opened by what it was opened with before. */
async function storedHeaders(
  admin: Admin,
  query: ImportQuery,
  { url }: ReceivedImport,
  deps: ImportDeps,
): Promise<HeaderList> {
  if (url === undefined || query.upstream === undefined) return []
  return deps.storedFetchHeaders(admin.workspaceId, query.upstream, url)
}

async function receive(
  request: ReceivedImport,
  allow: readonly string[],
  { send, pack }: Pick<ImportDeps, 'send' | 'pack'>,
  headers: HeaderList,
): Promise<ReceivedDocument> {
  const { document, url } = request
  if ((document === undefined) === (url === undefined)) {
    const detail = 'Give the document either as `text` (or as a multipart file), or as a `url`.'
    throw new Problem('invalid-request', { detail, errors: [{ pointer: '/text', detail }] })
  }
  return document ?? pack(await fetchSpec(url!, allow, send, headers))
}

import type { BundleUpstream } from '@sluice/contract'
import type { ImportDeps } from '../imports/import-deps.ts'
import type { ReceivedImport } from '../imports/read-import.ts'
import type { ReadBundle } from './read-bundle.ts'

/** The document of an upstream as an import takes it: as it was received, with its overlay and where it came from. */
export async function receivedFrom(
  bundle: ReadBundle,
  slug: string,
  pack: ImportDeps['pack'],
): Promise<ReceivedImport> {
  const { document } = bundle.values.get(`upstreams/${slug}/upstream.yaml`) as BundleUpstream
  return {
    document: await pack(bundle.bytes.get(`upstreams/${slug}/${document!.file}`)!),
    ...receivedWith(bundle, slug),
  }
}

/** What is said of the document beside it. */
export function receivedWith({ values, bytes }: ReadBundle, slug: string) {
  const folder = `upstreams/${slug}`
  const { document, overlay, externalRefs = [], refresh } = values.get(`${folder}/upstream.yaml`) as BundleUpstream
  const overlayBytes = overlay && bytes.get(`${folder}/${overlay}`)
  return {
    overlay: overlayBytes ? Buffer.from(overlayBytes).toString('utf8') : '',
    externalRefs,
    origin: { ...(document!.url ? { url: document!.url } : {}), refreshUrl: refresh?.url ?? null },
  }
}

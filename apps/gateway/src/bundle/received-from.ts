import type { BundleUpstream } from '@sluice/contract'
import type { ReceivedImport } from '../imports/read-import.ts'
import type { ReadBundle } from './read-bundle.ts'

/** The document of an upstream as an import takes it: as it was received, with its overlay and where it came from. */
export function receivedFrom({ values, bytes }: ReadBundle, slug: string): ReceivedImport {
  const folder = `upstreams/${slug}`
  const { document, overlay, externalRefs = [], refresh } = values.get(`${folder}/upstream.yaml`) as BundleUpstream
  const [path, overlayBytes] = [`${folder}/${document!.file}`, overlay && bytes.get(`${folder}/${overlay}`)]
  return {
    document: { bytes: bytes.get(path)!, hash: String(values.get(path)).slice('sha256:'.length) },
    overlay: overlayBytes ? Buffer.from(overlayBytes).toString('utf8') : '',
    externalRefs,
    origin: { ...(document!.url ? { url: document!.url } : {}), refreshUrl: refresh?.url ?? null },
  }
}

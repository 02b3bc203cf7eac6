import { isUtf8 } from 'node:buffer'
import type { Bundle, BundleFile } from '@sluice/contract'
import { writeYaml } from '@sluice/openapi'
import { readSpecDocument, readWorkspace, type Store, type WorkspaceRows } from '@sluice/store'
import { bundleValues, documentFile, isUnknown } from './bundle-values.ts'
import type { Scope } from './scope.ts'
import { within } from './scope.ts'

/** A workspace, or what one server needs, as files. The same settings give the same bytes: nothing of ids or of time is in it. */
export async function exportBundle(store: Store, workspaceId: string, scope: Scope): Promise<Bundle> {
  const all = await readWorkspace(store, workspaceId)
  const rows = within(all, scope)
  const files: BundleFile[] = []
  for (const [path, value] of bundleValues(all, scope)) {
    if (typeof value !== 'string') files.push({ path, text: writeYaml(value) })
    else files.push({ path, ...(await contentOf(store, workspaceId, rows, path)) })
  }
  return { files, notes: notesOf(all, rows) }
}

/** A document as it was received, or an overlay as it was given. */
async function contentOf(store: Store, workspaceId: string, rows: WorkspaceRows, path: string) {
  const [, slug, file] = path.split('/')
  const upstream = rows.upstreams.find((one) => one.slug === slug)!
  const document = rows.documents.find(({ upstreamId }) => upstreamId === upstream.id)
  if (!document || documentFile(document) !== file) return { text: upstream.overlay! }
  const bytes = Buffer.from((await readSpecDocument(store, workspaceId, document.id))!)
  return isUtf8(bytes) && !bytes.includes(0) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') }
}

function notesOf(all: WorkspaceRows, rows: WorkspaceRows): string[] {
  const waiting = rows.tools.filter(({ isWaiting }) => isWaiting).length
  const unknown = rows.tools.filter(isUnknown)
  const others = all.issuers.length - rows.issuers.length
  return [
    ...(waiting > 0
      ? [
          `${waiting} tools serve an earlier document than the one here; where the bundle is applied they are off until somebody looked at them.`,
        ]
      : []),
    ...unknown.map(
      ({ name }) =>
        `The manual tool "${name}" was made by an earlier release and is not in the bundle: make it anew to have it there.`,
    ),
    ...(others > 0
      ? [`${others} issuers are not in the bundle, since they open other servers, too, or name other tools.`]
      : []),
  ]
}

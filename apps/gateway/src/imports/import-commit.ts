import type { Admin, ImportCommit, ImportRequest, OperationChange, ReadSpec } from '@sluice/contract'
import { chooseCredential } from './choose-credential.ts'
import { withoutQuery } from './fetch-spec.ts'
import type { ReadImport, ReceivedImport } from './read-import.ts'

export interface CommitParts extends ReadImport {
  readonly admin: Admin
  readonly request: ReceivedImport
  /** What was read, as it is stored. */
  readonly spec: ReadSpec
  readonly baseUrl: string
  readonly changes: readonly OperationChange[]
  readonly allow: readonly string[]
}

/** Everything that an import writes. */
export function importCommit(parts: CommitParts): ImportCommit {
  const { admin, request, received, spec, stored, baseUrl, changes, upstreamSlug, serverSlug, allow, settings } = parts
  const credential = chooseCredential(request.credential, spec.securitySchemes, baseUrl)
  return {
    workspaceId: admin.workspaceId,
    actor: admin.id,
    upstream: {
      ...(stored.upstream ? { id: stored.upstream.id } : {}),
      slug: upstreamSlug,
      name: spec.title,
      baseUrl,
      securitySchemes: spec.securitySchemes,
      allow: [...new Set([...(stored.upstream?.allow ?? []), ...allow])],
      ...settings,
      ...sealable(request.fetchHeaders),
    },
    spec: {
      sourceUrl: request.url === undefined ? (request.origin?.url ?? null) : withoutQuery(request.url),
      ...(request.origin ? { refreshUrl: request.origin.refreshUrl } : refreshable(request.url)),
      received: received.packed,
      contentHash: received.hash,
      declaredVersion: spec.declaredVersion,
      diagnostics: spec.diagnostics,
      coverage: spec.coverage,
    },
    changes,
    ...(stored.upstream ? { plannedOn: stored.upstream } : {}),
    accept: request.accept ?? false,
    server: { slug: serverSlug, name: spec.title },
    accessKeyName: `${serverSlug} (made by its import)`,
    ...(credential ? { credential } : {}),
  }
}

/** A document that is sent leaves where it is fetched from as it was. */
function refreshable(url: string | undefined): { refreshUrl?: string | null } {
  if (url === undefined) return {}
  return { refreshUrl: withoutQuery(url) === url ? url : null }
}

function sealable(headers: ImportRequest['fetchHeaders']): { fetchHeaders?: string | null } {
  if (headers === undefined) return {}
  return { fetchHeaders: Object.keys(headers).length === 0 ? null : JSON.stringify(headers) }
}

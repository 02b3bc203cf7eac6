import { ApplyBundle, ApplyQuery, ApplyReport, Bundle, BundleQuery, LIMITS } from '@sluice/contract'
import { applyBundle } from '../bundle/apply-bundle.ts'
import { exportBundle } from '../bundle/export-bundle.ts'
import type { AdminDeps } from './deps.ts'
import { type AdminRoute, route } from './route.ts'

/** A workspace as a folder of files, and back by way of the other routes of the table. */
export function bundleRoutes(deps: AdminDeps, tableOf: (deps: AdminDeps) => readonly AdminRoute[]): AdminRoute[] {
  const tag = 'Bundles'
  return [
    route(
      {
        method: 'GET',
        path: '/bundle',
        operationId: 'export_bundle',
        tag,
        summary: 'Export the workspace, or one server, as files',
        description:
          'YAML, and documents as they were received, under the names that people gave: no ids, no times, and no secret. The same settings give the same bytes.',
        role: 'viewer',
        query: BundleQuery,
        status: 200,
        answers: 'The files.',
        answer: Bundle,
        problems: ['not-found'],
      },
      ({ admin, query }) =>
        exportBundle(
          deps.store,
          admin.workspaceId,
          query.server === undefined ? 'workspace' : { server: query.server },
        ),
    ),
    route(
      {
        method: 'POST',
        path: '/bundle',
        operationId: 'apply_bundle',
        tag,
        summary: 'Compare the files of a bundle with the workspace, and apply them',
        description:
          'Without `commit` the answer only says what would happen. With it all of it happens, or nothing. A bundle of somebody else adds what is not here, switched off; one’s own is applied with `trust`.',
        role: 'editor',
        query: ApplyQuery,
        body: ApplyBundle,
        status: 200,
        answers: 'What is changed, what still differs, and which secrets are to be set.',
        answer: ApplyReport,
        // JSON escapes can double a document.
        bodyLimit: LIMITS.specBytes * 2,
        problems: [
          'conflict',
          'too-large',
          'spec-unreadable',
          'spec-version',
          'overlay-invalid',
          'base-url-invalid',
          'credential-mismatch',
        ],
      },
      ({ admin, query, body }) => applyBundle(admin, body, query, deps, tableOf),
    ),
  ]
}

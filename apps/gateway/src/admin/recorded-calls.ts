import { type CallFilter, CallPage, ExportCalls, Page, RecordedCall } from '@sluice/contract'
import { findRecordedCall, listRecordedCalls } from '@sluice/store'
import { Type } from 'typebox'
import type { AdminDeps } from './deps.ts'
import { exportCalls } from './export-calls.ts'
import { ByCall } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'

/** The record: each call that was made of a tool, and how it went. */
export function recordedCallRoutes({ store, recorder }: AdminDeps): AdminRoute[] {
  const tag = 'Calls'
  const exported = (format: 'ndjson' | 'csv', answerType: string) =>
    route(
      {
        method: 'GET',
        path: `/calls.${format}`,
        operationId: `export_calls_as_${format}`,
        tag,
        summary: `Write out recorded calls as ${format === 'csv' ? 'CSV' : 'NDJSON'}`,
        description:
          format === 'csv'
            ? 'A line of names, then a line for each call, the newest first. A text that a spreadsheet would take for a formula has an apostrophe before it.'
            : 'A line of JSON for each call, the newest first.',
        role: 'viewer',
        query: ExportCalls,
        status: 200,
        answers: 'All calls that are meant, as they are read.',
        answer: Type.String(),
        answerType,
      },
      async ({ admin, query }) => {
        await recorder.flush()
        return exportCalls((cursor) => pageOf(admin.workspaceId, query, cursor), format)
      },
    )
  const pageOf = (workspaceId: string, filter: CallFilter, cursor: string | undefined) =>
    listRecordedCalls(store, workspaceId, { ...filter, limit: 1_000, ...(cursor === undefined ? {} : { cursor }) })
  return [
    route(
      {
        method: 'GET',
        path: '/calls',
        operationId: 'list_calls',
        tag,
        summary: 'List recorded calls',
        description:
          'The newest first. Of calls that ended within the last second on another gateway some may still be missing.',
        role: 'viewer',
        query: CallPage,
        status: 200,
        answers: 'One page of calls.',
        answer: Page(RecordedCall),
      },
      async ({ admin, query }) => {
        await recorder.flush()
        return listRecordedCalls(store, admin.workspaceId, query)
      },
    ),
    exported('ndjson', 'application/x-ndjson'),
    exported('csv', 'text/csv'),
    route(
      {
        method: 'GET',
        path: '/calls/:call',
        operationId: 'get_call',
        tag,
        summary: 'Read one recorded call',
        role: 'viewer',
        params: ByCall,
        status: 200,
        answers: 'All that is recorded of the call.',
        answer: RecordedCall,
        problems: ['not-found'],
      },
      async ({ admin, params }) => {
        await recorder.flush()
        return existing(await findRecordedCall(store, admin.workspaceId, params.call), 'call')
      },
    ),
  ]
}

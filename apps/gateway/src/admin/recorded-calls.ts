import { CallFilter, CallPage, Page, Problem, RecordedCall, TailCalls } from '@sluice/contract'
import {
  findRecordedCall,
  findWrittenPlace,
  listRecordedCalls,
  readWrittenBehind,
  readWrittenCalls,
  type WrittenPlace,
} from '@sluice/store'
import { Type } from 'typebox'
import { authenticateAdmin } from './authenticate.ts'
import type { AdminDeps } from './deps.ts'
import { eventStream } from './event-stream.ts'
import { exportCalls } from './export-calls.ts'
import { ByCall } from './params.ts'
import { type AdminRoute, existing, route } from './route.ts'

/** The record: each call that was made of a tool, and how it went. */
export function recordedCallRoutes(deps: AdminDeps): AdminRoute[] {
  const { store, flushCalls } = deps
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
        query: CallFilter,
        status: 200,
        answers: 'All calls that are meant, as they are read.',
        answer: Type.String(),
        answerType,
      },
      async ({ admin, query }) => {
        await flushCalls()
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
        await flushCalls()
        return listRecordedCalls(store, admin.workspaceId, query)
      },
    ),
    exported('ndjson', 'application/x-ndjson'),
    exported('csv', 'text/csv'),
    route(
      {
        method: 'GET',
        path: '/calls/tail',
        operationId: 'tail_calls',
        tag,
        summary: 'Show calls as they are recorded',
        description:
          'Server-sent events, `call` with a call as JSON, of all gateways; it goes on until it is closed. Where a stream ended, another goes on by `after`. A key has at most five open at a gateway.',
        role: 'viewer',
        query: TailCalls,
        status: 200,
        answers: 'A stream of events.',
        answer: Type.String(),
        answerType: 'text/event-stream',
        problems: ['too-many-streams', 'not-found'],
      },
      async ({ admin, query: { seconds, after, ...filter }, signal, raw }) => {
        if (after !== undefined) await flushCalls()
        const place = after === undefined ? undefined : await findWrittenPlace(store, admin.workspaceId, after)
        const last = after === undefined ? undefined : existing(place, 'call')
        const readBehind = (behind: WrittenPlace) => readWrittenBehind(store, admin.workspaceId, filter, behind)
        return eventStream(
          'call',
          deps.tails.open({
            owner: admin.id,
            signal,
            resume: last && { last, readBehind },
            ms: seconds === undefined ? undefined : seconds * 1000,
            stillHolds: () => isStill(admin.id, raw.headers.authorization, deps),
            read: async (after) => {
              await flushCalls()
              return readWrittenCalls(store, admin.workspaceId, filter, after)
            },
          }),
        )
      },
    ),
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
        await flushCalls()
        return existing(await findRecordedCall(store, admin.workspaceId, params.call), 'call')
      },
    ),
  ]
}

async function isStill(id: string, authorization: string | undefined, deps: AdminDeps): Promise<boolean> {
  try {
    return (await authenticateAdmin(authorization, deps)).id === id
  } catch (error) {
    if (error instanceof Problem && error.code === 'unauthorized') return false
    throw error
  }
}

import { callTool } from '@sluice/calls'
import {
  type Admin,
  type CallOutcome,
  type CatalogTool,
  type CatalogUpstream,
  type CredentialTest,
  LIMITS,
  Problem,
} from '@sluice/contract'
import { readDefinition } from '@sluice/openapi'
import { findTool, listTools, readCatalogUpstream } from '@sluice/store'
import type { AdminDeps } from './deps.ts'
import { existing } from './route.ts'

interface Wanted {
  readonly upstream: string
  readonly scheme: string
  readonly path?: string
}

/** One GET through the guarded door with this credential, and those that go with every call: on the path given, or on an operation that needs no argument. */
export async function testCredential(
  admin: Admin,
  wanted: Wanted,
  signal: AbortSignal,
  deps: AdminDeps,
): Promise<CredentialTest> {
  const upstream = existing(await readCatalogUpstream(deps.store, admin.workspaceId, wanted.upstream), 'upstream')
  if (!upstream.credentials.some(({ scheme }) => scheme === wanted.scheme))
    throw new Problem('not-found', { detail: 'There is no such credential.' })
  // What no document declares goes with every call.
  const credentials = upstream.credentials.filter(({ scheme, placement }) => placement || scheme === wanted.scheme)
  const path = wanted.path ?? (await harmlessPath(admin, wanted, deps)) ?? '/'
  const outcome = await callTool(
    {
      id: 'credential-test',
      caller: { workspaceId: admin.workspaceId, id: admin.id, name: admin.name },
      tool: toolFor(path, wanted.scheme),
      upstream: { ...upstream, credentials } satisfies CatalogUpstream,
      arguments: {},
      signal: AbortSignal.any([signal, deps.serve.stopping]),
      deadline: Date.now() + deps.serve.callTimeoutMs,
    },
    deps.serve.calls,
  )
  return {
    ok: outcome.ok,
    status: outcome.status ?? null,
    method: 'GET',
    url: `${upstream.baseUrl}${path}`,
    message: say(outcome),
  }
}

const MOST_TRIED = 50

/** The path of a GET that needs no arguments: of one that takes this credential, before any other. */
async function harmlessPath(
  admin: Admin,
  { upstream, scheme }: Wanted,
  { store }: AdminDeps,
): Promise<string | undefined> {
  const { items } = await listTools(store, admin.workspaceId, {
    upstream,
    method: 'GET',
    sort: 'path',
    limit: MOST_TRIED,
  })
  let other: string | undefined
  for (const { id, path, removed } of items) {
    if (removed || path.includes('{')) continue
    const tool = await findTool(store, admin.workspaceId, id)
    const { operation } = readDefinition(tool!.definition)
    if (operation.inputSchema.required) continue
    if (operation.security.some((requirement) => Object.hasOwn(requirement, scheme))) return path
    other ??= path
  }
  return other
}

function toolFor(path: string, scheme: string): CatalogTool {
  const inputSchema = { type: 'object' }
  return {
    id: 'credential-test',
    upstreamId: '',
    name: 'credential_test',
    title: 'Credential test',
    description: '',
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    wireSchema: inputSchema,
    inputSchema,
    fixedArguments: {},
    tags: [],
    unlisted: true,
    pinned: false,
    tokens: 0,
    operationVersion: 'credential-test',
    operation: {
      method: 'GET',
      path,
      summary: '',
      description: '',
      tags: [],
      deprecated: false,
      parameters: [],
      inputSchema,
      security: [{ [scheme]: [] }],
      responses: [],
      declaredVersion: '3.1.0',
    },
  }
}

function say(outcome: CallOutcome): string {
  return outcome.ok ? `The API answered ${outcome.status}.` : outcome.message.slice(0, LIMITS.filterChars)
}

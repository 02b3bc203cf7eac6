import { createHash } from 'node:crypto'
import type {
  DerivedOperation,
  FinishedCall,
  ImportCommit,
  OperationChange,
  ServerTool,
  StoredOperation,
} from '@sluice/contract'
import { createSealer, sealingKey } from '../create-sealer.ts'
import { type CommittedImport, commitImport } from '../imports.ts'
import { newId } from '../new-id.ts'
import type { Store } from '../open-store.ts'
import { workspaces } from '../schema.ts'
import { listServerTools } from '../server-tools.ts'
import { listServers, type StoredServer } from '../servers.ts'
import { readStoredOperations, type StoredImport } from '../stored-operations.ts'

export const sealer = createSealer({ current: sealingKey(Buffer.alloc(32, 7)) })

export async function newWorkspace(store: Store): Promise<string> {
  const id = newId('ws')
  await store.db.insert(workspaces).values({ id, name: 'A workspace' })
  return id
}

/** An operation `GET /{name}` with a tool of that name. `says` stands for all that the spec says of it. */
export function operation(name: string, says = 'as it was'): DerivedOperation {
  const definition = {
    operation: { method: 'GET', path: `/${name}`, says },
    name,
    title: `Title of ${name}`,
    description: says,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    wireSchema: { type: 'object' },
    tokens: 50,
  }
  return {
    method: 'GET',
    path: `/${name}`,
    name,
    title: definition.title,
    tags: ['things'],
    tokens: 50,
    deprecated: false,
    contentHash: createHash('sha256').update(`${name} ${says}`).digest('hex'),
    definition: Buffer.from(JSON.stringify(definition)),
    flagged: false,
    suspicious: false,
  }
}

/** A stored definition, which here is no more than its JSON text. */
export function textOf(definition: Uint8Array): string {
  return Buffer.from(definition).toString()
}

/** What the spec says in a stored definition. */
export function saidBy(definition: Uint8Array): string {
  return JSON.parse(textOf(definition)).description
}

export interface ExampleImport {
  /** Of the upstream, and of the server unless that is said too. */
  readonly slug: string
  readonly server?: string
  /** All that is in the spec. */
  readonly operations: readonly DerivedOperation[]
  readonly enable?: boolean
  /** The document as it is stored; its operations as JSON if absent. */
  readonly received?: Uint8Array
  readonly baseUrl?: string
  readonly credential?: ImportCommit['credential']
}

/** Plans an import on what is stored, as the importer does. */
export async function planImport(store: Store, workspaceId: string, example: ExampleImport): Promise<ImportCommit> {
  const { slug, server = slug, enable = true, baseUrl = 'https://api.example.com', credential } = example
  const stored = await readStoredOperations(store, workspaceId, slug)
  const received = example.received ?? Buffer.from(JSON.stringify(example.operations))
  return {
    workspaceId,
    actor: 'ak_someone',
    upstream: {
      id: stored.upstream?.id,
      slug,
      name: `The ${slug} API`,
      baseUrl,
      securitySchemes: {},
      allow: [],
      overlay: null,
      externalRefs: [],
    },
    spec: {
      sourceUrl: null,
      refreshUrl: null,
      received,
      contentHash: createHash('sha256').update(received).digest('hex'),
      declaredVersion: '3.1.0',
      diagnostics: [],
      coverage: { operations: 1, imported: 1, withDiagnostics: 0, skipped: 0 },
    },
    changes: changesOf(example.operations, stored, enable),
    ...(stored.upstream ? { plannedOn: stored.upstream } : {}),
    server: { slug: server, name: `The ${server} server` },
    accessKeyName: 'First key',
    credential,
  }
}

export async function importExample(
  store: Store,
  workspaceId: string,
  example: ExampleImport,
): Promise<CommittedImport> {
  return commitImport(store, await planImport(store, workspaceId, example), sealer.seal)
}

function changesOf(derived: readonly DerivedOperation[], stored: StoredImport, enable: boolean): OperationChange[] {
  const byPath = new Map(stored.operations.map((operation) => [operation.path, operation]))
  const kept = derived.map((derived): OperationChange => {
    const stored = byPath.get(derived.path)
    byPath.delete(derived.path)
    if (!stored) return { kind: 'added', derived, toolName: derived.name, enable }
    return { kind: stored.contentHash === derived.contentHash ? 'unchanged' : 'changed', derived, stored, enable }
  })
  const isPresent = (operation: StoredOperation) => !operation.removed
  const removed = [...byPath.values()].filter(isPresent).map((stored): OperationChange => ({ kind: 'removed', stored }))
  return [...kept, ...removed]
}

/** All tools of a server. */
export async function toolsOf(store: Store, workspaceId: string, slug: string): Promise<readonly ServerTool[]> {
  return (await listServerTools(store, workspaceId, slug, { limit: 10_000 })).items
}

export async function serversOf(store: Store, workspaceId: string): Promise<readonly StoredServer[]> {
  return (await listServers(store, workspaceId, { limit: 10_000 })).items
}

let made = 0
/** A call that began `n` milliseconds after some time. */
export function finished(workspaceId: string, more: Partial<FinishedCall> = {}): FinishedCall {
  const n = ++made
  return {
    kind: 'call.finished',
    callId: `call-${n}`,
    at: Date.parse('2030-01-01T00:00:00Z') + n,
    road: 'direct',
    workspaceId,
    server: 'shop',
    tool: 'get_book',
    callerId: 'key_1',
    caller: 'Ada',
    client: 'claude-code',
    outcome: 'ok',
    ms: 12.5,
    bytes: 99,
    ...more,
  }
}

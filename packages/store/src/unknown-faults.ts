import type { ProblemError } from '@sluice/contract'
import { nearestName } from '@sluice/schema'
import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import { operations, secrets, servers, tools, upstreams } from './schema.ts'

/** What a body names, by its slug or by its id. */
export type Named = 'server' | 'upstream' | 'tool' | 'secret' | 'operation'

/** Something named that the workspace does not have. */
export interface Unknown {
  readonly name: string
  /** Where the body names it. */
  readonly pointer: string
}

/**
 * What is said of things that a body names and the workspace does not have: which was probably meant, of its own alone (S59).
 * Who sends a name where an id is wanted is told the id.
 */
export async function unknownFaults(
  tx: Database,
  workspaceId: string,
  kind: Named,
  unknown: readonly Unknown[],
): Promise<ProblemError[]> {
  if (unknown.length === 0) return []
  const known = await READERS[kind](tx, workspaceId)
  const names = known.map(({ name }) => name)
  return unknown.map(({ name, pointer }) => {
    const near = nearestName(name, names)
    const fix = near === undefined ? listed(kind, names) : meant(known.filter((one) => one.name === near))
    return { pointer, detail: `There is no ${kind} "${name}".`, fix }
  })
}

interface Known {
  /** What people call it. */
  readonly name: string
  /** Null where it is called by its name in bodies too. */
  readonly id: string | null
}

/** More are not looked through, nor told. */
const MOST = 10_000
const MOST_TOLD = 10

const bySlug = (table: typeof servers | typeof upstreams) => async (tx: Database, workspaceId: string) => {
  const rows = await tx.select({ name: table.slug }).from(table).where(eq(table.workspaceId, workspaceId)).limit(MOST)
  return rows.map(({ name }): Known => ({ name, id: null }))
}

const READERS: Readonly<Record<Named, (tx: Database, workspaceId: string) => Promise<Known[]>>> = {
  server: bySlug(servers),
  upstream: bySlug(upstreams),
  tool: (tx, workspaceId) =>
    tx.select({ name: tools.name, id: tools.id }).from(tools).where(eq(tools.workspaceId, workspaceId)).limit(MOST),
  secret: (tx, workspaceId) =>
    tx
      .select({ name: sql<string>`${secrets.name}`, id: secrets.id })
      .from(secrets)
      .where(and(eq(secrets.workspaceId, workspaceId), isNotNull(secrets.name)))
      .limit(MOST),
  operation: (tx, workspaceId) =>
    tx
      .select({ name: sql<string>`${operations.method} || ' ' || ${operations.path}`, id: operations.id })
      .from(operations)
      .where(eq(operations.workspaceId, workspaceId))
      .limit(MOST),
}

function meant(near: readonly Known[]): string {
  const [{ name, id }] = near as [Known]
  return id === null ? `Did you mean ${name}?` : `Did you mean ${near.map((one) => one.id).join(' or ')} (${name})?`
}

const LISTS: Readonly<Record<Named, string>> = {
  server: 'GET /servers',
  upstream: 'GET /upstreams',
  tool: 'GET /tools',
  secret: 'GET /secrets',
  operation: 'GET /upstreams/{upstream}/operations',
}

function listed(kind: Named, names: readonly string[]): string {
  const isBySlug = kind === 'server' || kind === 'upstream'
  if (isBySlug && names.length > 0 && names.length <= MOST_TOLD) return `There are: ${names.toSorted().join(', ')}.`
  return isBySlug ? `${LISTS[kind]} lists what there is.` : `Give an id: ${LISTS[kind]} lists them.`
}

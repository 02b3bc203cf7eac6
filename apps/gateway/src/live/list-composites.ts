import type { CatalogComposite, CatalogTool } from '@sluice/contract'
import { portableSchema } from '@sluice/schema'
import type { CatalogCompositeRow } from '@sluice/store'

/** A server's composites, by name. A tool that has got the name of one since comes first. */
export function listComposites(
  rows: readonly CatalogCompositeRow[],
  tools: readonly CatalogTool[],
): ReadonlyMap<string, CatalogComposite> {
  const taken = new Set(tools.map(({ name }) => name))
  const free = rows.filter(({ name }) => !taken.has(name))
  return new Map(free.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((row) => [row.name, toComposite(row)]))
}

const MOST_WIRE_BYTES = 24 * 1024

/** Its code may change anything, unless it may only read. */
export function toComposite({ readOnly, title, inputSchema, ...row }: CatalogCompositeRow): CatalogComposite {
  return {
    ...row,
    title: title ?? row.name,
    annotations: { readOnlyHint: readOnly, destructiveHint: !readOnly, idempotentHint: readOnly, openWorldHint: true },
    inputSchema,
    wireSchema: portableSchema(inputSchema, MOST_WIRE_BYTES).schema,
  }
}

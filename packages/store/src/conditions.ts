import { and, type Column, eq, type SQL, type SQLWrapper, sql } from 'drizzle-orm'

/** The condition of a join: `child` names `parent` in `column`. Both are of one workspace, as everywhere. */
export function refersTo(
  child: { workspaceId: Column },
  column: Column,
  parent: { workspaceId: Column; id: Column },
): SQL | undefined {
  return and(eq(parent.workspaceId, child.workspaceId), eq(parent.id, column))
}

/** That a row is the one of this id in this workspace. */
export function isRow(table: { workspaceId: Column; id: Column }, workspaceId: string, id: string): SQL | undefined {
  return and(eq(table.workspaceId, workspaceId), eq(table.id, id))
}

/** That a column has one of many values: they are one parameter, where `inArray` makes each its own. */
export function among(column: SQLWrapper, values: readonly string[]): SQL {
  return sql`${column} = any(${sql.param(values)})`
}

/** That one of the columns holds the text somewhere, whatever the case of its letters. */
export function holds(columns: readonly SQLWrapper[], text: string | undefined): SQL | undefined {
  if (text === undefined) return undefined
  const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
  return sql`(${sql.join(
    columns.map((column) => sql`${column} ilike ${pattern}`),
    sql` or `,
  )})`
}

/** That a secret is only named so far: what was sealed is an empty text, and of it a nonce and a tag are there, 28 bytes. */
export function isUnset(sealed: Column): SQL<boolean> {
  return sql<boolean>`(length(${sealed}) = 40 and ${sealed} like '%==')`
}

/** That a column has a value, where one is given. */
export function is(column: Column, value: string | boolean | undefined): SQL | undefined {
  return value === undefined ? undefined : eq(column, value)
}

/**
 * A query as a selected value. Drizzle leaves out the table of a column that stands at the top of a selected expression; one
 * level down it keeps it, which a query over another table needs.
 */
export function subquery<T>(query: SQL): SQL<T> {
  return sql<T>`(${query})`
}

import { and, type Column, eq, type SQL, sql } from 'drizzle-orm'

/** The condition of a join: `child` names `parent` in `column`. Both are of one workspace, as everywhere. */
export function refersTo(
  child: { workspaceId: Column },
  column: Column,
  parent: { workspaceId: Column; id: Column },
): SQL | undefined {
  return and(eq(parent.workspaceId, child.workspaceId), eq(parent.id, column))
}

/** That a column has one of many values: they are one parameter, where `inArray` makes each its own. */
export function among(column: Column, values: readonly string[]): SQL {
  return sql`${column} = any(${sql.param(values)})`
}

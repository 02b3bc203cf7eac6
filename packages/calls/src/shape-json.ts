import { isRecord } from '@sluice/schema'

/**
 * The same value in fewer tokens: a list of like objects becomes `{"columns": […], "rows": [[…]]}` where that is shorter, at
 * any depth; the value itself where there is no such list. Nothing is lost: `unshapeJson` gives the value back. One that holds such
 * an object of its own stays as it is.
 */
export function shapeJson(value: unknown): unknown {
  try {
    return shaped(value)
  } catch (error) {
    if (error === OWN_TABLE || error instanceof RangeError) return value
    throw error
  }
}

export function unshapeJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unshapeJson)
  if (!isRecord(value)) return value
  if (!isTable(value)) return mapMembers(value, unshapeJson)
  const columns = value.columns as string[]
  return (value.rows as unknown[][]).map((row) =>
    Object.fromEntries(columns.map((name, at) => [name, unshapeJson(row[at])])),
  )
}

const OWN_TABLE = new Error('The value holds a table of its own')

/** Fewer rows save nothing that is worth another form. */
const FEWEST_ROWS = 3

function shaped(value: unknown): unknown {
  if (Array.isArray(value)) return asTable(mapItems(value, shaped))
  if (!isRecord(value)) return value
  if (isTable(value)) throw OWN_TABLE
  return mapMembers(value, shaped)
}

function asTable(items: readonly unknown[]): unknown {
  const [first] = items
  if (items.length < FEWEST_ROWS || !isRecord(first) || isTable(first)) return items
  const columns = Object.keys(first)
  // In the same order, so that it comes back in the same.
  const isLike = (item: unknown): boolean => isRecord(item) && !isTable(item) && isSame(Object.keys(item), columns)
  if (!items.every(isLike) || saving(columns, items.length) <= 0) return items
  return { columns, rows: items.map((item) => columns.map((name) => (item as Record<string, unknown>)[name])) }
}

function isSame(names: readonly string[], columns: readonly string[]): boolean {
  return names.length === columns.length && names.every((name, at) => name === columns[at])
}

/** Characters: each name and its colon once more for every row but the first. */
function saving(columns: readonly string[], rows: number): number {
  const names = columns.reduce((sum, name) => sum + JSON.stringify(name).length, 0)
  const table = '{"columns":[],"rows":[]}'.length + columns.length
  return (rows - 1) * names + rows * columns.length - table
}

/** A list of like objects, as it is shown. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: Array<readonly unknown[]>
}

export function isTable(value: Record<string, unknown>): value is Record<string, unknown> & Table {
  return Object.keys(value).length === 2 && Array.isArray(value.columns) && Array.isArray(value.rows)
}

/** The same list where nothing in it changes. */
function mapItems(items: readonly unknown[], change: (item: unknown) => unknown): readonly unknown[] {
  const changed = items.map(change)
  return changed.every((item, at) => item === items[at]) ? items : changed
}

/** The same object where nothing in it changes. */
function mapMembers(value: Record<string, unknown>, change: (member: unknown) => unknown): Record<string, unknown> {
  let isSame = true
  const copy: Record<string, unknown> = Object.create(null)
  for (const [key, member] of Object.entries(value)) {
    copy[key] = change(member)
    isSame &&= copy[key] === member
  }
  return isSame ? value : copy
}

import { type PageOf, type PageRequest, Problem } from '@sluice/contract'
import { Column, is, type SQL, type SQLWrapper, sql } from 'drizzle-orm'

/** What a list is sorted by where that is no column of its own: the expression, its type, and its value in a row. */
export interface SortKey<R> {
  readonly by: SQLWrapper
  readonly type: 'text' | 'instant' | 'integer'
  readonly of: (row: R) => string | number | Date
}

/** How a list is cut into pages: after the last row of the page before, by the sort key and then the id. */
export interface PagePlan<R> {
  readonly where: SQL | undefined
  readonly orderBy: SQL[]
  /** One more than the page has, which tells whether there is another. */
  readonly limit: number
  readonly toPage: <T>(rows: readonly R[], toItem: (row: R) => T) => PageOf<T>
}

const USUAL_ITEMS = 50

/**
 * `sorts` are the columns by the name that they have in a row; the first is the usual one.
 * @throws Problem `invalid-request` for a cursor of another list or sorting
 */
export function planPage<R extends { readonly id: string }>(
  { limit = USUAL_ITEMS, cursor, sort }: PageRequest,
  sorts: Readonly<Record<string, Column | SortKey<R>>>,
  id: SQLWrapper,
): PagePlan<R> {
  const order = sort ?? Object.keys(sorts)[0]!
  const isDown = order.startsWith('-')
  const name = isDown ? order.slice(1) : order
  const key = toSortKey(sorts[name]!, name)
  const direction = sql.raw(isDown ? 'desc' : 'asc')
  const after = cursor === undefined ? undefined : readCursor(cursor, order, key.type)
  return {
    where:
      after && sql`(${key.by}, ${id}) ${sql.raw(isDown ? '<' : '>')} (${typed(after.value, key.type)}, ${after.id})`,
    orderBy: [sql`${key.by} ${direction}`, sql`${id} ${direction}`],
    limit: limit + 1,
    toPage: (rows, toItem) => {
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      const nextCursor = rows.length > limit && last ? writeCursor(order, key.of(last), last.id) : null
      return { items: items.map(toItem), nextCursor }
    },
  }
}

function toSortKey<R>(sort: Column | SortKey<R>, name: string): SortKey<R> {
  if (!is(sort, Column)) return sort
  const type = sort.dataType === 'date' ? 'instant' : sort.dataType === 'number' ? 'integer' : 'text'
  return { by: sort, type, of: (row) => row[name as keyof R] as string | number | Date }
}

function typed(value: string | number, type: SortKey<never>['type']): SQL {
  if (type === 'instant') return sql`${value}::timestamptz`
  return type === 'integer' ? sql`${value}::bigint` : sql`${value}`
}

function writeCursor(order: string, value: string | number | Date, id: string): string {
  return Buffer.from(JSON.stringify([order, value, id])).toString('base64url')
}

function readCursor(
  cursor: string,
  order: string,
  type: SortKey<never>['type'],
): { value: string | number; id: string } {
  const [wanted, value, id, ...more] = parse(cursor)
  const isOurs = typeof wanted === 'string' && FITS.text(id) && more.length === 0
  if (isOurs && wanted === order && FITS[type](value)) return { value, id } as { value: string | number; id: string }
  const detail =
    isOurs && wanted !== order
      ? `The cursor belongs to a list sorted by ${wanted}, not by ${order}.`
      : 'The cursor is not one of this list.'
  const fix = 'Give back `nextCursor` of the page before with the same query, or leave the cursor out.'
  throw new Problem('invalid-request', { detail, errors: [{ pointer: 'cursor', detail, fix }] })
}

/** What a value of a type can be: anything else was made up, and the database would not take it. */
const FITS: Readonly<Record<SortKey<never>['type'], (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' && value.isWellFormed() && !value.includes('\0'),
  instant: (value) => typeof value === 'string' && isInstant(value),
  integer: Number.isSafeInteger,
}

/** As JSON has a `Date`, in years that every database knows. */
function isInstant(value: string): boolean {
  return /^[12]\d{3}-/.test(value) && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

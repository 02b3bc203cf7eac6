/** Items of one page: fewer than that is the rule, since many clients read the first page only. */
export const PAGE_ITEMS = 1_000

export interface ListPage<T> {
  readonly items: readonly T[]
  readonly nextCursor?: string
}

/** Items in their order, after the one that the cursor names, all for an empty one; nothing for a cursor that is none of ours. `keyOf` gives that order. */
export function listPage<T>(
  items: readonly T[],
  cursor: string | undefined,
  keyOf: (item: T) => string,
): ListPage<T> | undefined {
  const after = cursor ? keyIn(cursor) : ''
  if (after === undefined) return undefined
  const start = after === '' ? 0 : items.findIndex((item) => keyOf(item) > after)
  if (start < 0) return { items: [] }
  const page = items.slice(start, start + PAGE_ITEMS)
  return start + PAGE_ITEMS < items.length
    ? { items: page, nextCursor: cursorAfter(keyOf(page.at(-1)!)) }
    : { items: page }
}

/** Whether a cursor is one that whoever reads page by page is given, empty at first: no other page is kept, or made-up cursors would fill the memory. */
export function isGiven<T>(items: readonly T[], cursor: string, keyOf: (item: T) => string): boolean {
  if (cursor === '') return true
  for (let at = PAGE_ITEMS; at < items.length; at += PAGE_ITEMS)
    if (cursor === cursorAfter(keyOf(items[at - 1]!))) return true
  return false
}

// A key, and not a number: what is added or taken away between two pages moves no other item.
function cursorAfter(key: string): string {
  return Buffer.from(`after ${key}`).toString('base64url')
}

function keyIn(cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  return text.startsWith('after ') && cursorAfter(text.slice('after '.length)) === cursor
    ? text.slice('after '.length)
    : undefined
}

import type { ListedTool } from '@sluice/contract'

/** Tools of one page: fewer than that is the rule, since many clients read the first page only. */
export const PAGE_TOOLS = 1_000

export interface ListPage {
  readonly tools: readonly ListedTool[]
  readonly nextCursor?: string
}

/** Tools in the order of their names, after the one that the cursor names; nothing for a cursor that is none of ours. */
export function listPage(tools: readonly ListedTool[], cursor: string | undefined): ListPage | undefined {
  const after = cursor === undefined ? '' : nameIn(cursor)
  if (after === undefined) return undefined
  const start = after === '' ? 0 : tools.findIndex(({ name }) => name > after)
  if (start < 0) return { tools: [] }
  const page = tools.slice(start, start + PAGE_TOOLS)
  return start + PAGE_TOOLS < tools.length
    ? { tools: page, nextCursor: cursorAfter(page.at(-1)!.name) }
    : { tools: page }
}

// A name, and not a number: what is added or taken away between two pages moves no other tool.
function cursorAfter(name: string): string {
  return Buffer.from(`after ${name}`).toString('base64url')
}

function nameIn(cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  return text.startsWith('after ') && cursorAfter(text.slice('after '.length)) === cursor
    ? text.slice('after '.length)
    : undefined
}

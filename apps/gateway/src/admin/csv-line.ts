/**
 * A line of CSV (RFC 4180 2). A spreadsheet must not take a foreign text for a formula, so one that begins as a formula does has
 * an apostrophe before it (S63).
 */
export function csvLine(cells: ReadonlyArray<string | number | null>): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

function cellOf(cell: string | number | null): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** OWASP, CSV Injection; the wide forms of these characters are read as they are. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/
const NEEDS_QUOTES = /[",\r\n\t']/

import { styleText } from 'node:util'

/** Writes a line for a person or a program. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function printError(text: string): void {
  process.stderr.write(`${safe(text)}\n`)
}

/** The answer of a command: JSON for programs, else words. */
export function answer(options: { readonly json?: true }, value: unknown, words: () => string): void {
  print(options.json ? JSON.stringify(value) : words())
}

type Colour = 'red' | 'green' | 'yellow' | 'dim' | 'bold'

/** Coloured on a terminal only, and as NO_COLOR and FORCE_COLOR say. */
export function paint(colour: Colour, text: string): string {
  return styleText(colour, text, { stream: process.stdout })
}

/** Names and texts of documents are foreign: their control characters must not reach a terminal (S63). */
export function safe(text: string): string {
  return text.replaceAll(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/g, ' ')
}

/** What is to be said beside, a line each. */
export function notesText(notes: readonly string[]): string {
  return notes.map((note) => `Note: ${safe(note)}`).join('\n')
}

type Row = readonly string[]

/** Rows in columns as wide as their widest cell, below their headings where there are any. */
export function table(rows: readonly Row[], headings?: Row): string {
  const all = headings ? [headings, ...rows] : rows
  const widths = all.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(cell.length, widest[index] ?? 0)),
    [],
  )
  const lines = all.map((row) => lineOf(row, widths))
  if (headings) lines[0] = paint('dim', lines[0]!)
  return lines.join('\n')
}

function lineOf(row: Row, widths: readonly number[]): string {
  const cells = row.map((cell, index) => cell.padEnd(widths[index]!))
  return safe(cells.join('  ').trimEnd()).replaceAll('\n', ' ')
}

/** A list for people: a table, or words that say that there is nothing. */
export function listing(rows: readonly Row[], headings: Row, nothing: string): string {
  return rows.length > 0 ? table(rows, headings) : nothing
}

/** "1 tool", "2 tools". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** What is known of one thing, a line each. */
export function fields(values: Readonly<Record<string, string | number | null | undefined>>): string {
  const rows = Object.entries(values).flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return table(rows)
}

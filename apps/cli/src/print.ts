import { styleText } from 'node:util'

/** Writes a line for a person or a program. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function printError(text: string): void {
  process.stderr.write(`${safeLines(text)}\n`)
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

/** What speaks to a terminal, ends a line or turns the direction of writing. */
const CONTROLS = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g
/** The same but for what lays out a text of several lines. */
const CONTROLS_OF_LINES = new RegExp(`(?!\\t|\\r?\\n)${CONTROLS.source}`, 'g')

/** Foreign text within a line, such as a name: it neither reaches a terminal as a command nor forges a line (S63). */
export function safe(text: string): string {
  return text.replaceAll(CONTROLS, escaped)
}

/** Foreign text that has lines of its own, such as a description or code (S63). */
export function safeLines(text: string): string {
  return text.replaceAll(CONTROLS_OF_LINES, escaped)
}

function escaped(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** What is to be said beside, a line each. */
export function notesText(notes: readonly string[]): string {
  return notes.map((note) => `Note: ${safe(note)}`).join('\n')
}

type Row = readonly string[]

/** Rows in columns as wide as their widest cell, below their headings where there are any. */
export function table(rows: readonly Row[], headings?: Row): string {
  const all = (headings ? [headings, ...rows] : rows).map((row) => row.map(cellText))
  const widths = all.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(cell.length, widest[index] ?? 0)),
    [],
  )
  const lines = all.map((row) => lineOf(row, widths))
  if (headings) lines[0] = paint('dim', lines[0]!)
  return lines.join('\n')
}

/** What has several lines stands in one. */
function cellText(text: string): string {
  return safe(text.replaceAll(/[\t\r\n]+/g, ' '))
}

function lineOf(row: Row, widths: readonly number[]): string {
  const cells = row.map((cell, index) => cell.padEnd(widths[index]!))
  return cells.join('  ').trimEnd()
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

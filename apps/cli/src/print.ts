/** Writes a line for a person or a program. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function printError(text: string): void {
  process.stderr.write(`${safe(text)}\n`)
}

/** Names and texts of documents are foreign: their control characters must not reach a terminal (S63). */
export function safe(text: string): string {
  return text.replaceAll(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/g, ' ')
}

/** Rows in columns as wide as their widest cell. */
export function table(rows: ReadonlyArray<readonly string[]>): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(cell.length, widest[index] ?? 0)),
    [],
  )
  return rows
    .map((row) =>
      safe(
        row
          .map((cell, index) => cell.padEnd(widths[index]!))
          .join('  ')
          .trimEnd(),
      ),
    )
    .join('\n')
}

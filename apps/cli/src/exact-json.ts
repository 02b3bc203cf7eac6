/** JSON whose long numbers stay as they are written: a double would make another identifier of one (decision 8). */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    const { source = '' } = context ?? {}
    return typeof value === 'number' && source.length > MOST_DOUBLE_CHARS && String(value) !== source
      ? asWritten(source)
      : value
  })
}

/** So many digits a double always holds. */
const MOST_DOUBLE_CHARS = 15

/** TC39 "JSON.parse source text access"; TypeScript's library does not know it yet. */
function asWritten(source: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source)
}
